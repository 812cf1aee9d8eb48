"""Rows of the list: as an index has them, or read again from the orders themselves."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from comanda.backoffice.listing.merge import Hit
from comanda.backoffice.order_answer import contact_answer
from comanda.dynamo.batch import get_many
from comanda.dynamo.packed import body_of
from comanda.orders.decision import Loaded, Sealed
from comanda.orders.index import NONE, STATE, shown_stage
from comanda.orders.items import list_row
from comanda.orders.model import Order
from comanda.orders.shown import TEXTS, Shown, shown_in
from comanda.orders.wire import money
from comanda.search.words import REFERENCES

type Wants = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Row:
    """`position` in the list's order; `row` as it lies in an index; `loaded` where the order was read."""

    position: str
    order_id: str
    row: Mapping[str, str]
    shown: Shown
    texts: Mapping[str, Any] = field(default_factory=dict)
    loaded: Loaded | None = None


def shown(name: str) -> bool:
    """The personal texts that a row shows."""
    return name in TEXTS


def searched(name: str) -> bool:
    """Those and what else an order can be found by."""
    return name in TEXTS or name.startswith(REFERENCES)


def as_indexed(hits: Iterable[Hit]) -> dict[str, Row]:
    """Rows of the hits by order id; of a writer that did not know what a row shows there is none."""
    seen = ((hit, shown_in(hit.row)) for hit in hits)
    return {hit.order_id: Row(hit.position, hit.order_id, hit.row, shows) for hit, shows in seen if shows}


def as_loaded(loaded: Loaded, position: str) -> Row:
    """The row of an order that was read."""
    row = list_row(loaded.order, loaded.personal)
    shows = shown_in(row) or Shown(loaded.order.created_at, loaded.order.updated_at)
    return Row(position, loaded.order.order_id, row, shows, loaded.personal, loaded)


def read_orders(table: str, order_ids: Sequence[str], *, consistent: bool = True) -> list[Loaded]:
    """The orders as they are now, in this order, without ledger and shipments: the axes that derive from
    them are in the snapshot. Of the personal texts the contact is there where the row holds it."""
    keys = [(order_id, "ORDER") for order_id in order_ids]
    found = get_many({table: keys}, consistent=consistent)[table]
    return [_loaded(found[order_id]) for order_id in order_ids if order_id in found]


def _loaded(item: dict[str, Any]) -> Loaded:
    order = Order.from_parts(body_of(item), [], [])
    row = {name: value["S"] for name, value in item["row"]["M"].items()}
    shows = shown_in(row)
    return Loaded(order, {"contact": dict(shows.contact)} if shows and shows.contact else {})


def with_texts(table: str, loaded: Sequence[Loaded], wants: Wants) -> list[Loaded]:
    """The orders with the personal texts that are wanted, as they are now."""
    missing = [
        {name: mark for name, mark in one.order.personal.items() if wants(name) and name not in one.personal}
        for one in loaded
    ]
    texts = _texts(table, {one.order.order_id: marks for one, marks in zip(loaded, missing, strict=True)})
    return [replace(one, personal=one.personal | texts[one.order.order_id]) for one in loaded]


def rows_with_texts(table: str, rows: Sequence[Row]) -> list[Row]:
    """The rows with those texts that do not lie in the index."""
    wanted = {row.order_id: row.shown.texts for row in rows if row.loaded is None}
    texts = _texts(table, wanted)
    return [replace(row, texts=texts[row.order_id]) if row.loaded is None else row for row in rows]


def _texts(table: str, wanted: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, Any]]:
    """Texts by order and name, given how their digests begin. A cheap read does where the digest confirms
    it; else the text is read again consistently: it has just changed, or was erased."""
    found: dict[str, dict[str, Any]] = {order_id: {} for order_id in wanted}
    for name in sorted({name for marks in wanted.values() for name in marks}):
        again = {order_id: marks[name] for order_id, marks in wanted.items() if name in marks}
        for consistent in (False, True):
            keys = [(order_id, f"PII#{name}") for order_id in again]
            items = get_many({table: keys}, consistent=consistent)[table]
            for order_id, item in items.items():
                sealed = Sealed(body_of(item), item["salt"]["S"])
                found[order_id][name] = sealed.value
                if sealed.digest.startswith(again[order_id]):
                    del again[order_id]
    return found


def row_answer(row: Row) -> dict[str, Any]:
    """One item of `GET /admin/orders`."""
    shows, traits = row.shown, row.row
    contact = shows.contact if shows.contact is not None else row.texts.get("contact") or {}
    axes = dict(zip(STATE, traits["s"].split("|"), strict=True))
    channel, method, verified = traits["o"].split("|")
    customer = contact_answer(contact, shows.customer_id, verified=verified == "yes")
    stage = shown_stage(traits)
    return {
        "order_id": row.order_id,
        "number": traits["n"],
        "version": shows.version,
        "label": None if traits["l"] == NONE else traits["l"],
        "stage": None if stage == NONE else stage,
        "assigned": traits.get("a"),
        "tags": [tag for tag in traits.get("t", "").split("+") if tag],
        "promised_at": shows.promised_at or None,
        "lifecycle": axes["lifecycle"],
        "payment": axes["payment"],
        "fulfilment": axes["fulfilment"],
        "returns": axes["returns"],
        "approved": shows.approved,
        "verified": verified == "yes",
        "customer": customer,
        "method": method,
        "channel": channel,
        "articles": shows.articles,
        **_amounts(shows),
        "comment": row.texts.get("comment") or None,
        "purchase_order": row.texts.get("purchase_order") or None,
        "holds": [{"hold_id": hold_id, "reason": reason} for hold_id, reason in shows.holds],
        "created_at": shows.created_at,
        "updated_at": shows.updated_at,
    }


def _amounts(shows: Shown) -> dict[str, Any]:
    return {
        "total": money(shows.total, shows.currency),
        "discount": money(shows.discount, shows.currency) if shows.discount else None,
        "surcharge": money(shows.surcharge, shows.currency) if shows.surcharge else None,
    }
