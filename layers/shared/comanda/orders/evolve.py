"""How each fact changes an order: the whole state is the fold of its history."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from comanda.orders.derive import balance, derived
from comanda.orders.edits import steps as edits
from comanda.orders.facts import Fact
from comanda.orders.holdings import moved
from comanda.orders.model import Ending, Entry, Exported, Hold, Line, Order, Shipment
from comanda.orders.vocabulary import Lifecycle
from comanda.times import later

type Data = dict[str, Any]
type Step = Callable[[Order, Data, Fact], Order]

# Facts that come by themselves; they raise the revision, never the version that staff hold.
QUIET = frozenset(
    {
        "FeeRecorded",
        "EndingDropped",
        "ShipmentScanned",
        "LinesDelivered",
        "DeliveryUndone",
        "RunStarted",
        "OrderExported",
        "PaymentReminded",
        "PaymentStarted",
    }
    | {"MerchantNotified", "VerificationResent", "MailsWantedAgain", "OrderClosed"}
    | {"ReservationEnding", "ReservationKept"}
)

# Quiet facts that a list shows all the same, and the export: what is in a batch moves out of the next
# one's way. The others leave the order's place in `-updated` alone.
SHOWN = frozenset({"LinesDelivered", "DeliveryUndone", "OrderClosed", "OrderExported"})


# Facts that hold the whole order; a history begins with one of them.
BEGINNINGS = frozenset({"OrderPlaced", "DraftStarted"})


def replay(facts: Iterable[Fact]) -> Order:
    """Rebuild an order from its history. Raises ValueError for an empty history."""
    order: Order | None = None
    for fact in facts:
        order = evolve(order, fact)
    if order is None:
        raise ValueError("an order without history")
    return order


def evolve(order: Order | None, fact: Fact) -> Order:
    """The order after `fact`. `revision` is the writer's business and left alone."""
    if order is None:
        if fact.type not in BEGINNINGS:
            raise ValueError(f"a history cannot begin with {fact.type}")
        after = Order.from_dict(fact.data["order"])
    else:
        after = STEPS[fact.type](order, fact.data, fact)
    louder = fact.type not in QUIET
    seen = louder or fact.type in SHOWN
    return derived(
        replace(
            after,
            updated_at=fact.at if seen else after.updated_at,
            version=after.version + louder,
            facts=fact.seq,
            head_hash=fact.hash,
        )
    )


def _rewritten(order: Order, data: Data, fact: Fact) -> Order:
    """A draft as it was changed or placed. What the chain counts goes on where it was."""
    return replace(Order.from_dict(data["order"]), version=order.version, revision=order.revision)


def _discarded(order: Order, data: Data, fact: Fact) -> Order:
    return replace(order, lifecycle=Lifecycle.CANCELLED, cancel_reason="discarded")


def _verified(order: Order, data: Data, fact: Fact) -> Order:
    return _placed(replace(order, verified=True, customer_id=data.get("customer_id", order.customer_id)))


def _placed(order: Order) -> Order:
    waits = order.lifecycle == Lifecycle.AWAITING_VERIFICATION
    return replace(order, lifecycle=Lifecycle.PLACED) if waits else order


def _resent(order: Order, data: Data, fact: Fact) -> Order:
    personal = order.personal | data.get("personal", {})
    terms = replace(order.terms, verify_by=data["verify_by"])
    owner = data.get("customer_id", order.customer_id)
    return replace(order, personal=personal, link_serial=data["link_serial"], terms=terms, customer_id=owner)


def _ledger(order: Order, data: Data, fact: Fact) -> Order:
    """Put or replace a ledger entry, and those in `also` that change with it. Money that arrived
    places the order: it may not expire any more."""
    fresh = [Entry.from_dict(entry) for entry in (data["entry"], *data.get("also", ()))]
    entries = {e.entry_id: e for e in (*order.ledger, *fresh)}
    ledger = tuple(entries[entry_id] for entry_id in sorted(entries))
    terms = replace(order.terms, **data.get("terms", {}))
    changed = replace(order, ledger=ledger, terms=terms, personal=order.personal | data.get("personal", {}))
    sums = balance(changed.ledger)
    return _placed(changed) if sums.captured or sums.authorized else changed


def _chosen(order: Order, data: Data, fact: Fact) -> Order:
    """Another attempt to pay, perhaps by another method: its deadlines begin anew."""
    terms = replace(order.terms, **data["terms"])
    chosen = replace(order, method=type(order.method)(data["method"]), terms=terms, reminded=False)
    reserved = any(line.reserved or line.backordered for line in order.lines)
    return _kept_for_money(chosen, fact) if reserved else chosen


def _counts(field: str, sign: int) -> Callable[[Line, int], Line]:
    return lambda line, n: replace(line, **{field: getattr(line, field) + sign * n})


def _each_line(order: Order, moved: list[Data], *changes: Callable[[Line, int], Line]) -> Order:
    amounts = {item["line_id"]: item["quantity"] for item in moved}
    lines = []
    for line in order.lines:
        for change in changes:
            line = change(line, amounts.get(line.line_id, 0))
        lines.append(line)
    return replace(order, lines=tuple(lines))


def _reserved(order: Order, data: Data, fact: Fact) -> Order:
    after = _moved(order, data["lines"], reserved=1)
    return _kept_for_money(_waiting(after, data["lines"]), fact)


def _waiting(order: Order, told: list[Data]) -> Order:
    """Units that were sold beyond the stock."""
    waiting = {item["line_id"]: item for item in told if item.get("waiting")}
    lines = tuple(
        replace(
            line,
            backordered=line.backordered + waiting[line.line_id]["waiting"],
            promised_at=waiting[line.line_id]["promised_at"],
        )
        if line.line_id in waiting
        else line
        for line in order.lines
    )
    return replace(order, lines=lines)


def _come_in(order: Order, data: Data, fact: Fact) -> Order:
    """What a line waited for is here."""
    after = _moved(order, data["lines"], reserved=1)
    return _kept_for_money(_each_line(after, data["lines"], _counts("backordered", -1)), fact)


def _moved(order: Order, told: list[Data], *, reserved: int = 0, allocated: int = 0) -> Order:
    """The lines after units were set aside or given back."""
    items = {item["line_id"]: item for item in told}
    lines = tuple(
        moved(line, items[line.line_id], reserved=reserved, allocated=allocated)
        if line.line_id in items
        else line
        for line in order.lines
    )
    return replace(order, lines=lines)


def _kept_for_money(order: Order, fact: Fact) -> Order:
    """Units that are set aside wait for their money from this moment on."""
    seconds = order.terms.hold_seconds
    return replace(order, reserved_until=later(fact.at, seconds) if seconds else "", reservation="")


def _given_up(order: Order, data: Data, fact: Fact) -> Order:
    """The money did not come in time: the units are free again, the order stays."""
    after = _moved(order, data["lines"], reserved=-1)
    after = replace(after, lines=tuple(replace(line, backordered=0) for line in after.lines))
    return replace(after, reserved_until="", reservation="expired")


def _allocated(order: Order, data: Data, fact: Fact) -> Order:
    return _moved(order, data["lines"], reserved=-1, allocated=1)


def _released(order: Order, data: Data, fact: Fact) -> Order:
    return replace(
        order, lines=tuple(replace(line, reserved=0, allocated=0, held=()) for line in order.lines)
    )


def _ended(order: Order, data: Data, fact: Fact) -> Order:
    """Cancelled, rejected or expired: what has not been shipped is cancelled."""
    lines = tuple(
        replace(line, cancelled=line.quantity - line.shipped, backordered=0) for line in order.lines
    )
    lifecycle = Lifecycle.EXPIRED if fact.type == "OrderExpired" else Lifecycle.CANCELLED
    personal = order.personal | data.get("personal", {})
    ended = replace(order, lines=lines, lifecycle=lifecycle, cancel_reason=data["reason"], personal=personal)
    return replace(ended, ending=None)


def _ending_asked(order: Order, data: Data, fact: Fact) -> Order:
    personal = order.personal | data.get("personal", {})
    return replace(order, ending=Ending.from_dict(data["ending"]), personal=personal)


def _revived(order: Order, data: Data, fact: Fact) -> Order:
    """Money came after the end and the stock could be had again."""
    lines = tuple(replace(line, cancelled=0) for line in order.lines)
    return replace(order, lines=lines, lifecycle=Lifecycle.PLACED, cancel_reason="")


def _shipped(order: Order, data: Data, fact: Fact) -> Order:
    shipment = Shipment.from_dict(data["shipment"])
    after = _each_line(order, data["shipment"]["lines"], _counts("shipped", 1))
    after = _moved(after, data["taken"], allocated=-1)
    return _with_shipment(after, shipment)


def _with_shipment(order: Order, shipment: Shipment) -> Order:
    others = [s for s in order.shipments if s.shipment_id != shipment.shipment_id]
    return replace(order, shipments=tuple(sorted([*others, shipment], key=lambda s: s.shipment_id)))


def _scanned(order: Order, data: Data, fact: Fact) -> Order:
    found = next(s for s in order.shipments if s.shipment_id == data["shipment_id"])
    return _with_shipment(order, replace(found, **data["changes"]))


def _delivered(order: Order, data: Data, fact: Fact) -> Order:
    return _each_line(order, data["lines"], _counts("delivered", 1))


def _undelivered(order: Order, data: Data, fact: Fact) -> Order:
    """The parcel came back after all."""
    return _each_line(order, data["lines"], _counts("delivered", -1))


def _held(order: Order, data: Data, fact: Fact) -> Order:
    return replace(
        order,
        holds=(*order.holds, Hold.from_dict(data["hold"])),
        personal=order.personal | data.get("personal", {}),
    )


def _let_go(order: Order, data: Data, fact: Fact) -> Order:
    holds = tuple(
        replace(hold, closed_at=fact.at, closed_by=fact.actor) if hold.hold_id == data["hold_id"] else hold
        for hold in order.holds
    )
    return replace(order, holds=holds)


def _exported(order: Order, data: Data, fact: Fact) -> Order:
    others = tuple(e for e in order.exported if e.destination != data["destination"])
    return replace(order, exported=(*others, Exported.from_dict(data | {"at": fact.at})))


STEPS: dict[str, Step] = {
    "OrderPlaced": _rewritten,
    "DraftChanged": _rewritten,
    "DraftDiscarded": _discarded,
    "QuotationSent": _rewritten,
    "QuotationAccepted": lambda order, data, fact: order,
    "QuotationExpired": lambda order, data, fact: replace(
        order, lifecycle=Lifecycle.EXPIRED, cancel_reason="quotation"
    ),
    "OrderAssigned": lambda order, data, fact: replace(order, assigned=data["to"]),
    "OrderTagged": lambda order, data, fact: replace(order, tags=tuple(data["tags"])),
    "EmailVerified": _verified,
    "VerificationResent": _resent,
    "MerchantNotified": lambda order, data, fact: replace(order, announced=True),
    "OrderApproved": lambda order, data, fact: replace(order, approved=True),
    "OrderRejected": _ended,
    "OrderCancelled": _ended,
    "OrderExpired": _ended,
    "EndingAsked": _ending_asked,
    "EndingDropped": lambda order, data, fact: replace(order, ending=None),
    "OrderRevived": _revived,
    "OrderClosed": lambda order, data, fact: replace(order, lifecycle=Lifecycle.CLOSED),
    "PaymentMethodChosen": _chosen,
    "PaymentStarted": _ledger,
    "PaymentProcessing": _ledger,
    "PaymentAuthorized": _ledger,
    "PaymentCaptured": _ledger,
    "PaymentFailed": _ledger,
    "PaymentVoided": _ledger,
    "RefundGranted": _ledger,
    "RefundStarted": _ledger,
    "RefundWithdrawn": _ledger,
    "RefundExecuted": _ledger,
    "RefundFailed": _ledger,
    "PaymentConfirmedAgain": lambda order, data, fact: order,
    "FeeRecorded": _ledger,
    "DisputeOpened": _ledger,
    "DisputeClosed": _ledger,
    "PaymentReminded": lambda order, data, fact: replace(order, reminded=True),
    "MailsWantedAgain": lambda order, data, fact: order,
    "StockReserved": _reserved,
    "StockAllocated": _allocated,
    "StockReleased": _released,
    "BackorderFilled": _come_in,
    "ReservationEnding": lambda order, data, fact: replace(order, reservation="ending"),
    "ReservationKept": lambda order, data, fact: replace(order, reservation=""),
    "ReservationExpired": _given_up,
    "LinesShipped": _shipped,
    "ShipmentScanned": _scanned,
    "LinesDelivered": _delivered,
    "DeliveryUndone": _undelivered,
    "HoldOpened": _held,
    "HoldReleased": _let_go,
    "RunStarted": lambda order, data, fact: replace(order, run=data["run"]),
    "OrderExported": _exported,
    **edits.STEPS,
}
