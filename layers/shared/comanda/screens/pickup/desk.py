"""What the counter's pages work with."""

from collections.abc import Callable
from dataclasses import dataclass

from comanda.backoffice.counter import Counter
from comanda.backoffice.office import Office
from comanda.backoffice.undoing import Undoing
from comanda.settings.store import SettingsStore


@dataclass(frozen=True, slots=True)
class CounterDesk:
    """Each is made when it is first asked for."""

    office: Callable[[], Office]
    counter: Callable[[], Counter]
    undoing: Callable[[], Undoing]
    settings: Callable[[], SettingsStore]
