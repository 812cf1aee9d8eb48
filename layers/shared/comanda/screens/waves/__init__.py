"""The waves of all pickers, for the office."""
