"""Staff confirm money that no provider reports: transfers, cheques, cash."""

from dataclasses import dataclass, replace
from typing import Any

from comanda.errors import Invalid
from comanda.ids import NewId
from comanda.orders.decision import Decision, Loaded, Sealed
from comanda.orders.derive import amount_due
from comanda.orders.desk import Decide
from comanda.orders.ending import MANUAL, open_attempts, voids
from comanda.orders.facts import Happened, Origin
from comanda.orders.guards import check
from comanda.orders.model import Entry, Hold, Order
from comanda.orders.vocabulary import GIVEN_UP, HoldReason


@dataclass(frozen=True, slots=True)
class Booked:
    """The movement on a bank's statement that the money came by. `name` is its identity, under which it
    counts once for ever; `day` is when the bank booked it (2026-11-21)."""

    name: str
    day: str


def marking_paid(
    origin: Origin,
    new_id: NewId,
    *,
    amount: int | None = None,
    currency: str = "",
    reference: str = "",
    receipt: bool = True,
    booked: Booked | None = None,
) -> Decide:
    """Record `amount` (by default all that is due) with the bank's reference, which is personal.

    Of a movement that was `booked` and recorded before nothing happens, and too much money by one holds the
    order. Without `receipt` this order's customer is sent none, whatever the shop's setting says.

    Too much or too little becomes the payment axis. With nothing due and no amount given, the
    confirmation itself is noted. `result.payment_id` names the ledger entry. Raises WrongState, Invalid.
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        known = booked and _known(order, booked)
        if known:
            return Decision(result=_told(known))
        check("mark-paid", order)
        if currency and currency != order.currency:
            raise Invalid.at("/amount/currency", f"this order is in {order.currency}")
        if amount is not None and amount <= 0:
            raise Invalid.at("/amount/amount", "an amount is more than nothing")
        paid = amount_due(order) if amount is None else amount
        if paid <= 0:
            return _again(reference, new_id, order)
        decision = _paid(order, paid, reference, origin, new_id, booked)
        if booked and paid > max(amount_due(order), 0):
            decision += _too_much(order, len(decision.facts), paid, origin)
        return decision if receipt else _without_receipt(decision)

    return decide


def _known(order: Order, booked: Booked) -> Entry | None:
    entry_id = f"{MANUAL}:capture:{booked.name}"
    return next((entry for entry in order.ledger if entry.entry_id == entry_id), None)


def _told(entry: Entry) -> dict[str, Any]:
    return {
        "payment_id": entry.entry_id,
        "amount": {"amount": entry.amount, "currency": entry.currency},
    }


def _too_much(order: Order, facts: int, paid: int, origin: Origin) -> Decision:
    """More than is due, which a person looks at; money for an order that was given up is held anyway."""
    if order.lifecycle in GIVEN_UP:
        return Decision()
    beyond = paid - max(amount_due(order), 0)
    hold = Hold(
        f"h{order.facts + facts + 1}",
        HoldReason.PAYMENT_MISMATCH,
        origin.at,
        "system",
        detail=f"paid {beyond} {order.currency} more than what was owed",
    )
    return Decision(facts=(Happened("HoldOpened", {"hold": hold.to_dict()}),))


def _paid(
    order: Order, amount: int, reference: str, origin: Origin, new_id: NewId, booked: Booked | None
) -> Decision:
    number = 1 + sum(1 for e in order.ledger if e.kind == "capture" and e.provider == MANUAL)
    ref = booked.name if booked else f"paid-{number}"
    attempt = next((e for e in open_attempts(order) if e.provider == MANUAL), None)
    entry = Entry(
        entry_id=f"{MANUAL}:capture:{ref}",
        kind="capture",
        method=attempt.method if attempt else order.method,
        provider=MANUAL,
        amount=amount,
        currency=order.currency,
        status="ok",
        at=origin.at,
        ref=ref,
        on=booked.day if booked else "",
    )
    full = amount >= amount_due(order)
    if attempt and full:
        entry = replace(entry, parent=attempt.ref)
    note, personal = _note(f"note:paid-{number}", reference, new_id)
    if note:
        entry = replace(entry, reference=f"note:paid-{number}")
    data: dict[str, Any] = {"entry": entry.to_dict()} | note
    if attempt and full:
        data["also"] = [replace(attempt, status="ok", at=origin.at).to_dict()]
    return Decision(
        facts=(Happened("PaymentCaptured", data, "customer"),),
        effects=voids(order, "paid") if full else (),
        personal=personal,
        identities=(entry.entry_id,),
        result=_told(entry),
        outside=True,
    )


def _without_receipt(decision: Decision) -> Decision:
    captured = decision.facts[0]
    quiet = replace(captured, data=captured.data | {"terms": {"receipt": False}})
    return replace(decision, facts=(quiet, *decision.facts[1:]))


def _again(reference: str, new_id: NewId, order: Order) -> Decision:
    """Nothing was due; that somebody confirmed it all the same belongs in the history."""
    note, personal = _note(f"note:confirmed-{order.facts + 1}", reference, new_id)
    return Decision(facts=(Happened("PaymentConfirmedAgain", note),), personal=personal, result={})


def _note(name: str, text: str, new_id: NewId) -> tuple[dict[str, Any], dict[str, Sealed]]:
    """A personal text with what the fact says of it; nothing for an empty one."""
    if not text.strip():
        return {}, {}
    sealed = Sealed(text.strip(), new_id())
    return {"personal": {name: sealed.digest}}, {name: sealed}
