"""UPS, asked directly: rates, labels, voiding, vans and tracking."""
