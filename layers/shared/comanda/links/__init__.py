"""Signed single-purpose links and the tokens of customers."""
