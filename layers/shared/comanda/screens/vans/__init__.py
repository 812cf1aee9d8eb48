"""Vans: what waits for its carrier, who comes when, and asking one to come."""
