"""Picking: who fetches what from the shelves, and what they have scanned."""
