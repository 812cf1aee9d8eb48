"""Who does something, through what, and when."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Who did it, through what, and when. `actor` is an id or a role, never a name or an address."""

    actor: str  # customer | staff:<id> | system | provider:<code> | merchant
    cause: str  # request:<id> | webhook:<id> | link:<purpose> | sweep | workflow:<run>
    at: str
