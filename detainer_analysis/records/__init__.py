"""Record files, fetched, read and aggregated; nothing about a person leaves this package."""
