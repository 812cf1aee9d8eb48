"""Catches every mail that the local system sends, keeps it, and shows it."""
