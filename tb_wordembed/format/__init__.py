"""Event files and summary values, as both writers and readers know them."""
