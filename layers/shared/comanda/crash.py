"""Named places where a process may die: tests let it happen there; nobody else sets the hook."""

from collections.abc import Callable

hook: Callable[[str], None] | None = None


def crash_point(name: str) -> None:
    """Nothing, unless a test has asked for more."""
    if hook is not None:
        hook(name)
