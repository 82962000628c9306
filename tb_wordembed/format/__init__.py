"""The byte layout of a snapshot: what those who write event files and those who read
them share."""
