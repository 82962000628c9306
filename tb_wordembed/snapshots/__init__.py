"""Reading snapshots: event files are the database."""
