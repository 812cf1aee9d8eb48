"""What an edit is while it is open: its actions and what was worked out. Personal texts lie beside it."""

from dataclasses import dataclass

from comanda.orders.record import Record

WAITING, STALE = "open", "stale"


@dataclass(frozen=True, slots=True)
class Change(Record):
    """One action, as asked for. `price` is a unit price or an amount in minor units, `texts` name the
    personal texts that addresses or a contact wait under."""

    kind: str  # add | remove | quantity | price | discount | surcharge | address | delivery | customer
    line_id: str = ""
    sku: str = ""
    quantity: int = 0
    price: int | None = None
    title: str = ""
    code: str = ""  # of a discount or surcharge that is taken off
    delivery: str = ""
    slot: str = ""  # the time of delivery
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenEdit(Record):
    """The one open change set of an order. `version` is the order's version that it rests on, `digest`
    that of its outcome; `asked_until` says how long the customer has to accept, once asked."""

    edit_id: str
    changes: tuple[Change, ...]
    requested_at: str
    requested_by: str
    digest: str
    total: int
    difference: int
    version: int = 0
    note: str = ""  # name of the personal text with the reasons, the staff's own
    asked_until: str = ""

    @property
    def moves_customer(self) -> bool:
        return any(change.kind == "customer" for change in self.changes)

    @property
    def texts(self) -> tuple[str, ...]:
        """Names of the personal texts that wait with it."""
        return tuple(dict.fromkeys(name for change in self.changes for name in change.texts))
