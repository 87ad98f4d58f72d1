"""Recompute published statistics about declined ICE detainers, and say how certain they are."""
