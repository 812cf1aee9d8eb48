"""Cures applied inside MiniStack's process; each is told in docs/local-system.md and held by a conformance test.

They run under MiniStack's own interpreter, where only it and the standard library are importable.
"""
