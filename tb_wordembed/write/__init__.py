"""Writes tables, tokens and columns to event files, after checking them."""
