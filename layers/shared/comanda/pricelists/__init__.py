"""Price lists: what a product costs a group of customers, from which quantity on, and in which boxes."""
