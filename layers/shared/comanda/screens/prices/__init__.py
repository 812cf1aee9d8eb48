"""Price lists: what products cost each group of customers."""
