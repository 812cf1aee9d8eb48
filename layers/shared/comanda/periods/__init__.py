"""Periods of the books that are locked: nothing is dated in them any more."""
