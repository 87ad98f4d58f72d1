"""What lies in ``data/``, loaded, typed and checked, and what its rows say about a claim; no statistics."""
