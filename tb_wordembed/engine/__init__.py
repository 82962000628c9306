"""Runs a function over the row blocks of tables, in threads or in processes: map, and a
tree sum."""
