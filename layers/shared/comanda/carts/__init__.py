"""Carts: what somebody means to buy. No price is promised; stock is held only where the shop wants it."""
