"""Published claims, their verdicts and the cards that show them; what the data say comes from the checks."""
