"""Discount codes: what they give, to whom, and how often they have been used."""
