"""What refusals say, in Spanish: found by the English text, which is the only one that code writes."""
