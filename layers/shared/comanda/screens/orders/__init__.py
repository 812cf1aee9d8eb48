"""The page of one order and what is done there."""
