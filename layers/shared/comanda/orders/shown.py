"""What a row of the list shows of an order, short enough to lie in the list's indexes beside the filter."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from comanda.canonical import canonical
from comanda.orders.model import Order

CONTACT = ("email", "name", "phone", "company", "tax_id")
TEXTS = ("contact", "comment", "purchase_order")  # the personal texts that a row shows
MOST_CONTACT = 240  # bytes; a longer one is read from its own item
MARK = 12  # characters of a digest that tell one text from another
# Short names: each byte lies in the order and in four indexes.
SHORT = {
    "created_at": "b",
    "updated_at": "u",
    "version": "v",
    "approved": "k",
    "customer_id": "i",
    "articles": "q",
    "currency": "m",
    "total": "t",
    "discount": "d",
    "surcharge": "e",
    "promised_at": "p",
    "holds": "h",
    "texts": "x",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """`holds` are pairs of id and reason; `texts` the marks of those texts that are to be read; amounts in
    minor units. `contact` is None where it is among these."""

    created_at: str
    updated_at: str
    version: int = 0
    approved: bool = False
    customer_id: str = ""
    articles: int = 0
    currency: str = ""
    total: int = 0
    discount: int = 0
    surcharge: int = 0
    promised_at: str = ""
    holds: tuple[tuple[str, str], ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    contact: Mapping[str, Any] | None = None

    def written(self) -> dict[str, str]:
        """As it lies in the row: `w`, and `c` for what is personal."""
        named = {short: getattr(self, name) for name, short in SHORT.items()}
        row = {"w": canonical({short: value for short, value in named.items() if value})}
        return row | ({"c": canonical(dict(self.contact))} if self.contact is not None else {})


def shown(order: Order, personal: Mapping[str, Any]) -> Shown:
    """`personal` are the texts as far as they are at hand; the rest is named to be read."""
    contact = _contact(order, personal)
    beside = {
        name: order.personal[name][:MARK]
        for name in TEXTS
        if name in order.personal and (name != "contact" or contact is None)
    }
    return Shown(
        created_at=order.created_at,
        updated_at=order.updated_at,
        version=order.version,
        approved=order.approved,
        customer_id=order.customer_id,
        articles=sum(line.quantity for line in order.lines),
        currency=order.currency,
        total=order.totals.total,
        discount=order.totals.discount,
        surcharge=order.totals.surcharge,
        promised_at=promised(order),
        holds=tuple((hold.hold_id, str(hold.reason)) for hold in order.open_holds),
        texts=beside,
        contact=contact,
    )


def promised(order: Order) -> str:
    """The date by which the last of what is still to ship was promised; empty without a promise."""
    return max((line.promised_at for line in order.lines if line.to_ship > 0), default="")


def shown_in(row: Mapping[str, str]) -> Shown | None:
    """What a stored row shows; None for one of a writer that did not know this yet."""
    if "w" not in row:
        return None
    held = json.loads(row["w"])
    found = {name: held[short] for name, short in SHORT.items() if short in held}
    found["holds"] = tuple((str(hold_id), str(reason)) for hold_id, reason in found.get("holds", ()))
    return Shown(**found, contact=json.loads(row["c"]) if "c" in row else None)


def _contact(order: Order, personal: Mapping[str, Any]) -> dict[str, Any] | None:
    """The contact if it is known and short; an order without one has an empty one."""
    if "contact" not in order.personal:
        return {}
    given = personal.get("contact")
    if not isinstance(given, Mapping):
        return None
    contact = {name: given[name] for name in CONTACT if given.get(name)}
    return contact if len(canonical(contact).encode()) <= MOST_CONTACT else None


def alike(row: Mapping[str, str], other: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Two rows of one order, each as far as the other can have it too: an earlier writer did not know what
    a row shows, and a contact lies in a row only where its text was at hand."""
    if ("w" in row) != ("w" in other):
        return _filtered_by(row), _filtered_by(other)
    if ("c" in row) == ("c" in other):
        return dict(row), dict(other)
    return _without_contact(row), _without_contact(other)


def _filtered_by(row: Mapping[str, str]) -> dict[str, str]:
    return {name: held for name, held in row.items() if name not in ("w", "c")}


def _without_contact(row: Mapping[str, str]) -> dict[str, str]:
    shows = json.loads(row.get("w", "{}"))
    texts = {name: mark for name, mark in shows.pop(SHORT["texts"], {}).items() if name != "contact"}
    told = canonical(shows | ({SHORT["texts"]: texts} if texts else {}))
    return {name: told if name == "w" else held for name, held in row.items() if name != "c"}
