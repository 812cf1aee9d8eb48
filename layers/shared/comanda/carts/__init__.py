"""Carts: what somebody means to buy. A cart holds no stock and promises no price."""
