"""Cures applied inside MiniStack's process; docs/local-system.md tells each, a conformance test holds it.

They run under MiniStack's own interpreter, where only it and the standard library are importable.
"""
