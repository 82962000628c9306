"""Finds snapshots in event files and reads their rows: bytes to arrays, no measures."""
