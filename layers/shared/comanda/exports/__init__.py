"""Orders as CSV: profiles, immutable batches, and the merchant's servers they are delivered to."""
