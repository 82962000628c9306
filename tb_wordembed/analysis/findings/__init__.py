"""What stands out in a series."""
