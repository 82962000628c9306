"""What the callbacks of all frameworks share: which tables, their columns, the log."""
