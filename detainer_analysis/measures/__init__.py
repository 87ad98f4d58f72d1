"""Statistics as pure functions: tables in, a table or a number out; no files, no globals, no claims."""
