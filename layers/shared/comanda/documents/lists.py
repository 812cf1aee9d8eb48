"""Papers on which many orders stand together: each order is judged, what it has to say is gathered."""

from typing import Protocol

from comanda.conversation.view import Sections
from comanda.documents.day import Leaving
from comanda.documents.handover import Handed, hand_over_sheets, handed_over
from comanda.documents.kinds import GOODS, ListKind
from comanda.documents.picking import Shelf, pick_sheets
from comanda.documents.sheet import Sheet
from comanda.errors import WrongState
from comanda.orders.decision import Loaded
from comanda.orders.picks import Pick, picks_of
from comanda.times import moment, shop_day

SETTINGS = ["shop", "stock", "documents", "notifications"]


class Listing(Protocol):
    """`at` is the moment for which it is made, a stamp."""

    def add(self, loaded: Loaded, sections: Sections) -> None:
        """Put an order on the list. Raises WrongState with the guard that keeps it off."""
        ...

    def sheets(self, sections: Sections, language: str) -> list[Sheet]: ...


class PickList:
    """What is to be fetched from the shelves for the orders."""

    def __init__(self, shelf: Shelf, at: str) -> None:
        self._shelf = shelf
        self._at = at
        self._picks: list[Pick] = []

    def add(self, loaded: Loaded, sections: Sections) -> None:
        guard = next((guard for guard in GOODS if guard.forbids(loaded.order)), None)
        if guard is not None:
            raise WrongState(guard.name, guard.why)
        found = picks_of(loaded.order, sections["stock"].default_location)
        if not found:
            raise WrongState(
                "nothing-to-pick", "all was picked, has left or waits for stock, so nothing is fetched"
            )
        self._picks += found

    def sheets(self, sections: Sections, language: str) -> list[Sheet]:
        return pick_sheets(self._picks, self._shelf, sections, language, self._at)


class HandOver:
    """The parcels that left on a day of the shop; without one, on that of `at`. Without a carrier and a
    location, those of all."""

    def __init__(self, at: str, day: str = "", carrier: str = "", location: str = "") -> None:
        self._at = at
        self._day = day
        self._carrier = carrier
        self._location = location
        self._parcels: list[Handed] = []

    def add(self, loaded: Loaded, sections: Sections) -> None:
        found = handed_over(loaded, self._leaving(sections))
        if not found:
            raise WrongState("not-sent-then", "no parcel of this order left the shop on that day")
        self._parcels += found

    def sheets(self, sections: Sections, language: str) -> list[Sheet]:
        return hand_over_sheets(self._parcels, sections, language, self._leaving(sections))

    def _leaving(self, sections: Sections) -> Leaving:
        return leaving(sections, self._at, self._day, self._carrier, self._location)


def leaving(sections: Sections, at: str, day: str, carrier: str, location: str) -> Leaving:
    """What is meant by a day (empty: that of `at`, a stamp), a carrier and a location (empty: any)."""
    zone = sections["shop"].time_zone
    shown = day or shop_day(moment(at), zone)
    return Leaving(shown, zone, carrier, location, sections["stock"].default_location)


def listing(
    kind: ListKind, shelf: Shelf, at: str, day: str = "", carrier: str = "", location: str = ""
) -> Listing:
    return PickList(shelf, at) if kind == ListKind.PICK_LIST else HandOver(at, day, carrier, location)
