"""One command of an order as a form: what is read of it, what it decides, what is said afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from comanda.backoffice.deciding import By
from comanda.orders.desk import Decide
from comanda.orders.wire import Body
from comanda.screens.house.asked import Asked
from comanda.settings.store import SettingsStore

type Read = Callable[[Asked], dict[str, Any]]
type Deciding = Callable[[Any, By, SettingsStore], Decide]


@dataclass(frozen=True, slots=True)
class Command:
    """`body` is the API's; `told` says what happened, with the order's %(number)s. `scope` is the API's name
    of the command where it differs from the form's."""

    body: type[Body]
    read: Read
    decide: Deciding
    told: str
    scope: str = ""


def texts(*names: str) -> Read:
    """A body of texts alone."""
    return lambda asked: {name: asked.field(name) for name in names}
