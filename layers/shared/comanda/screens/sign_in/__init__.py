"""Staff come in and go out: the user pool's code flow, and sessions kept here."""
