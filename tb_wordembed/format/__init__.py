"""The byte layout of a snapshot: writers and readers of event files share this room."""
