"""Printed papers of an order: what stands on them, and who sets them in type."""
