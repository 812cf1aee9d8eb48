"""What a guard is: a state of an order that forbids a command."""

from collections.abc import Callable
from dataclasses import dataclass

from comanda.orders.model import Order


@dataclass(frozen=True, slots=True)
class Guard:
    """`forbids` says when the guard refuses; `why` is what the caller is told."""

    name: str
    why: str
    forbids: Callable[[Order], bool]
