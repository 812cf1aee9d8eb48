"""What the template tells a function through its environment, read on first use and never at import."""

import os


class MissingVariable(LookupError):
    """The template forgot to set a variable; names it and prints nothing else of the environment."""


def variable(name: str) -> str:
    """The value of an environment variable. Raises MissingVariable."""
    value = os.environ.get(name, "")
    if not value:
        raise MissingVariable(f"the environment variable {name} is not set")
    return value
