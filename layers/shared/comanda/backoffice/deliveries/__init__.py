"""What staff see of delivery orders: those of an order, and the list of all that wait for hands."""
