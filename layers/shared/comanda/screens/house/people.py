"""What somebody of the staff is called on a page."""

from collections.abc import Callable

from comanda.screens.house.asked import Asked

type Names = Callable[[str], tuple[str, ...]]


def colleague(asked: Asked, names: Names, actor: str) -> str:
    """You, or a colleague by the name they have."""
    if actor == asked.staff.actor:
        return asked.tongue.say("you")
    name = names(actor)[0]
    return name if name != actor else asked.tongue.say("a colleague (%(id)s)", id=actor[6:14])
