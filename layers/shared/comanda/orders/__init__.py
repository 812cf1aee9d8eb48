"""Orders: what an order is, what can happen to it, and its history."""
