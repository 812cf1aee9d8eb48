"""Days of the shop that are closed: what came and went by each way to pay, counted once and kept."""
