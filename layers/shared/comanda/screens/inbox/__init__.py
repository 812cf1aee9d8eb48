"""What payment providers and carriers reported, what became of it, and having it applied once more."""
