"""Orders that are not placed yet: drafts, and what repeats an order."""
