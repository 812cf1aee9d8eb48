"""Order edits: a change set is worked out, shown, and then confirmed or left."""
