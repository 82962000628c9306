"""Finds the tables in checkpoints, whose rows are then read where they lie."""
