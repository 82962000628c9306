"""Runs a function over the row blocks of tables, in threads: map, and a tree sum."""
