"""Stands for the shared layer: its word tells which edition of the code answered."""

WORD = "first"
