"""Reads snapshots from event files: an index of where they are, rows on demand."""
