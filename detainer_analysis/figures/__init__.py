"""Charts of measures, a file a subject; nothing is computed here that a measure could compute."""
