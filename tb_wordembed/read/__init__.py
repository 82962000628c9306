"""Reading a log: its series, what can be measured of them, and what is kept of it."""
