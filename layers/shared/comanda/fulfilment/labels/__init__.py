"""Shipping labels: wanted by staff, bought and given back as outside effects, printed."""
