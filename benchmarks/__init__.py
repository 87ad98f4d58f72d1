"""Speed and memory of the record-level engine, on synthetic records. Not part of the package."""
