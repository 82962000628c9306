"""Nearest neighbors of rows, and how they change."""
