"""The byte layout of a snapshot, which writers and readers of event files share.

``record`` frames an event in a file, ``field_keys`` has the fields of its messages, and
``metadata`` what marks one of its values as a table, a column or a part.
"""
