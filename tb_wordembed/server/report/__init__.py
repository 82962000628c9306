"""A report: one series as a web page in one file, which needs no server."""
