"""The staff: who belongs to it, in which role, and what an administrator may do about it."""
