"""Bulk jobs: one command on many orders, durable, with a result for each."""
