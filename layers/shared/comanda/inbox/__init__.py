"""What partners report by webhook: stored as it came, applied once, listed and played again."""
