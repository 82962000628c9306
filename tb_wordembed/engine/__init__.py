"""Runs a function over the row blocks of tables, in threads or in processes."""
