"""A small shop on django-oscar and its HTTP API, run by the interpreter in .tools/oscar."""
