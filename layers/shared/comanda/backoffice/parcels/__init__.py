"""What staff see of parcels beyond one order."""
