"""The list of orders: filters, tabs, saved views, and what is done with many at once."""
