"""What the list works with: all of it use cases of the staff API."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from comanda.backoffice.bulk.bulking import Bulking, Runs
from comanda.backoffice.listing.page import OrderList
from comanda.backoffice.office import Office
from comanda.backoffice.undoing import Undoing
from comanda.backoffice.views import SavedViews
from comanda.idempotency.store import KeyStore
from comanda.settings.store import SettingsStore


@dataclass(frozen=True, slots=True)
class ListDesk:
    """Each is made when it is first asked for; see wiring. `names` says what an actor is called,
    `whom` who is meant by a salesperson's name."""

    office: Callable[[], Office]
    orders: Callable[[], OrderList]
    settings: Callable[[], SettingsStore]
    views: Callable[[], SavedViews]
    bulking: Callable[[], Bulking]
    runs: Callable[[], Runs]
    keys_seen: Callable[[], KeyStore]
    understand: Callable[[dict[str, Any], str], object]
    names: Callable[[str], Sequence[str]]
    whom: Callable[[str | None, str], str]
    undoing: Callable[[], Undoing]
