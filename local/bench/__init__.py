"""Measurements of single parts, each beside its bare yardstick."""
