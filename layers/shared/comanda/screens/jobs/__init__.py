"""Bulk jobs: what runs, how far it is, and what became of each order."""
