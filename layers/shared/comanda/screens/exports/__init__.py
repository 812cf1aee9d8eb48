"""Files for the merchant's own systems: destinations, batches, sending and sending again."""
