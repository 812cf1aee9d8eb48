"""Customers: finding them, one profile with orders and credit, and two profiles that are one person."""
