"""The embedded AWS: how it is started, and the cures that it gets at its start."""
