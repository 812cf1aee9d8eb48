"""How facts that take an event back change an order."""

from dataclasses import replace

from comanda.orders.delivery_counts import counted_out
from comanda.orders.facts import Data, Fact
from comanda.orders.model import Entry, Hold, Order
from comanda.orders.steps import money, units

# What an end changes beside the ledger.
RESTORED = (
    "lifecycle",
    "cancel_reason",
    "ending",
    "lines",
    "deliveries",
    "put_back",
    "holds",
    "edit",
    "personal",
    "reserved_until",
    "reservation",
)


def uncancelled(order: Order, data: Data, fact: Fact) -> Order:
    """As it was before it was cancelled."""
    rest = {name: value for name, value in order.to_dict().items() if name not in RESTORED}
    was = Order.from_dict(rest | data["was"])
    entries = {e.entry_id: e for e in (*order.ledger, *map(Entry.from_dict, data["ledger"]))}
    return replace(was, ledger=tuple(entries[entry_id] for entry_id in sorted(entries)))


def taken_back(order: Order, data: Data, fact: Fact) -> Order:
    """A parcel had not left: its units belong to the order as before."""
    return without(order, data)


def without(order: Order, data: Data) -> Order:
    """The order after a parcel was taken back, by what its fact tells."""
    after = units.counted(order, data["lines"], "shipped", -1)
    after = units.lines_moved(after, data["taken"], allocated=1)
    after = counted_out(after, data.get("of", ()), -1)
    left = (one for one in order.shipments if one.shipment_id != data["shipment_id"])
    return replace(after, shipments=tuple(left))


def unrefunded(order: Order, data: Data, fact: Fact) -> Order:
    """Money had not gone back; what was closed with it is looked at again."""
    after = money.ledger(order, data, fact)
    again = frozenset(data.get("holds", ()))
    return replace(after, holds=tuple(_open(one) if one.hold_id in again else one for one in after.holds))


def _open(hold: Hold) -> Hold:
    return replace(hold, closed_at="", closed_by="")
