"""How facts change an order, topic by topic; the table of evolve says which does what."""
