"""The rules of what follows by itself, topic by topic; the table of consequences says in which order."""
