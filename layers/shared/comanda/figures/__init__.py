"""Figures of the shop by hour: orders, what they are worth, money in and out."""
