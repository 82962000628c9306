"""One way to run a function over the row blocks of tables: map, and a tree sum."""
