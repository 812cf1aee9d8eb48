"""Who of the staff did what to which order, setting or part of the system, by actor and time.

Nothing is written for it: deeds are read from the orders' own histories, from the versions of the settings
and from the audit log. Orders are taken newest change first, a page at a time (docs/adr/0065).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from comanda.backoffice.listing.list_orders import page_of
from comanda.backoffice.listing.page import OrderList
from comanda.backoffice.listing.query import read_query
from comanda.backoffice.operations.audit import AuditLog
from comanda.errors import Invalid
from comanda.orders.facts import Fact
from comanda.orders.store import OrderStore
from comanda.settings.sections import SECTIONS
from comanda.settings.versions import VersionStore

ORDERS, SETTINGS, OPERATIONS = "orders", "settings", "operations"
KINDS = (ORDERS, SETTINGS, OPERATIONS)
PAGE_ORDERS = 25  # whose histories a page reads
PAGE_ENTRIES = 100  # of the audit log that a page reads
VERSIONS = 20  # of each section
WORKERS = 8
STAFF = "staff:"


@dataclass(frozen=True, slots=True)
class Deed:
    """`what` is the type of a fact, `changed` for a setting, or the action of the audit log."""

    at: str
    actor: str
    what: str
    subject: str
    order_id: str = ""
    detail: str = ""
    seq: int = 0

    def to_dict(self) -> dict[str, Any]:
        return {
            "at": self.at,
            "actor": self.actor,
            "what": self.what,
            "subject": self.subject,
            "order_id": self.order_id or None,
            "detail": self.detail or None,
        }


@dataclass(frozen=True, slots=True)
class Wanted:
    """Empty fields stand for all. `order` is a number or an id; `since` and `until` are stamps."""

    kind: str = ORDERS
    actor: str = ""
    order: str = ""
    since: str = ""
    until: str = "~"
    cursor: str = ""

    def takes(self, deed: Deed) -> bool:
        return self.since <= deed.at <= self.until and self.actor in ("", deed.actor)


@dataclass(frozen=True, slots=True)
class Found:
    """Deeds, newest first; where to go on; how far back orders were looked at (empty: to the beginning)."""

    deeds: list[Deed]
    next: str = ""
    searched_to: str = ""


@dataclass(frozen=True, slots=True)
class Deeds:
    """`ids_of` finds orders by their numbers."""

    orders: OrderStore
    order_list: OrderList
    versions: VersionStore
    audit: AuditLog
    ids_of: Callable[[Sequence[str]], Mapping[str, str]]
    now: Callable[[], datetime]

    def search(self, wanted: Wanted) -> Found:
        """One page. Raises Invalid for a kind that there is not."""
        if wanted.kind not in KINDS:
            raise Invalid.at("/kind", f"one of: {', '.join(KINDS)}")
        if wanted.kind == SETTINGS:
            return Found(_sorted(deed for deed in self._settings() if wanted.takes(deed)))
        if wanted.kind == OPERATIONS:
            return self._operations(wanted)
        return self._of_one(wanted) if wanted.order else self._of_all(wanted)

    def _of_one(self, wanted: Wanted) -> Found:
        """The whole history of one order."""
        order_id = self.ids_of([wanted.order]).get(wanted.order, wanted.order)
        loaded = self.orders.load(order_id)
        if loaded is None:
            return Found([])
        return Found(_sorted(self._done(order_id, loaded.order.number, wanted)))

    def _of_all(self, wanted: Wanted) -> Found:
        """The histories of the orders that were changed last, a page of them."""
        asked = {"sort": ["-updated"], "limit": [str(PAGE_ORDERS)]}
        asked |= {"cursor": [wanted.cursor]} if wanted.cursor else {}
        page, after = page_of(read_query(asked, self.now(), UTC), self.order_list)
        orders = [loaded.order for loaded in page if loaded.order.updated_at >= wanted.since]
        with ThreadPoolExecutor(WORKERS) as pool:
            done = pool.map(lambda order: list(self._done(order.order_id, order.number, wanted)), orders)
            deeds = _sorted(deed for found in done for deed in found)
        if after is None or len(orders) < len(page):
            return Found(deeds)
        return Found(deeds, after, orders[-1].updated_at if orders else "")

    def _done(self, order_id: str, number: str, wanted: Wanted) -> Iterator[Deed]:
        for fact in self.orders.facts(order_id):
            deed = _of_fact(fact, order_id, number)
            if fact.actor.startswith(STAFF) and wanted.takes(deed):
                yield deed

    def _settings(self) -> Iterator[Deed]:
        """The last changes of each section; one Query each."""
        for section in SECTIONS:
            for version in self.versions.latest(section, VERSIONS):
                yield Deed(version["changed_at"], version["changed_by"], "changed", section)

    def _operations(self, wanted: Wanted) -> Found:
        """Entries of the audit log; one Query."""
        entries, after = self.audit.recent(PAGE_ENTRIES, wanted.cursor)
        deeds = [
            Deed(one.at, one.actor, one.action, one.subject, one.order_id, one.detail) for one in entries
        ]
        return Found([deed for deed in deeds if wanted.takes(deed)], after, entries[-1].at if after else "")


def _of_fact(fact: Fact, order_id: str, number: str) -> Deed:
    return Deed(fact.at, fact.actor, fact.type, number, order_id, seq=fact.seq)


def _sorted(deeds: Iterator[Deed]) -> list[Deed]:
    return sorted(deeds, key=lambda deed: (deed.at, deed.seq), reverse=True)
