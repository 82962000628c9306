"""Writing: tables, tokens and columns are checked and written to event files."""
