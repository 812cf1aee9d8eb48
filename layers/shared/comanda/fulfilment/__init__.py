"""Shipments, carriers and what they report."""
