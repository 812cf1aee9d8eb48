"""What staff see and do: the list, the order, its commands, settings, and who may do which."""
