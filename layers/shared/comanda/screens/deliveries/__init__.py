"""The delivery orders that wait for hands."""
