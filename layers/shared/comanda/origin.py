"""Who does something, through what, and when."""

from dataclasses import dataclass

UNDO_SECONDS = 20  # how long the mails of a one-click event wait: until then it can be taken back


@dataclass(frozen=True, slots=True)
class Origin:
    """Who did it, through what, and when. `actor` is an id or a role, never a name or an address."""

    actor: str  # customer | staff:<id> | system | provider:<code> | merchant
    cause: str  # request:<id> | webhook:<id> | link:<purpose> | sweep | workflow:<run>
    at: str
    patience: int = 0  # seconds that mails of what follows wait, so that it can be taken back
