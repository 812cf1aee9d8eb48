"""Other shops, measured beside ours; each in an environment of its own under .tools."""
