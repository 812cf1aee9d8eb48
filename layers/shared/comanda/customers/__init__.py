"""Customers: who they are, whether their address is confirmed, and whether mail reaches them."""
