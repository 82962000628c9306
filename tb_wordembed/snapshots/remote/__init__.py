"""Event files that are not on the local disk."""
