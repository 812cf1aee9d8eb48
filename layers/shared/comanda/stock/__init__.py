"""Products and how many of them there are, where."""
