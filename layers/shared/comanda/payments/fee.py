"""Staff record what a bank or provider kept, and may charge it to the customer; or take that back."""

from dataclasses import dataclass, replace
from typing import Any

from comanda.errors import Invalid, NotFound, WrongState
from comanda.ids import NewId
from comanda.orders.bill import Extra, Kept
from comanda.orders.decision import Decision, Loaded, Sealed
from comanda.orders.desk import Decide
from comanda.orders.edits.money import asking_anew
from comanda.orders.edits.outcome import Outcome, bare, unchanged
from comanda.orders.facts import Happened
from comanda.orders.guards import check
from comanda.orders.mails import mail
from comanda.orders.model import Entry, Order
from comanda.orders.refunds import MANUAL
from comanda.orders.reprice import extras_of, reprice
from comanda.payments.which import payment_named


@dataclass(frozen=True, slots=True)
class Fee:
    """`amount` in minor units of the order's currency. With a `title`, which the customer reads, it is
    charged to the customer, untaxed: it makes good a loss and sells nothing. Without one it is noted only.
    `note` are words of staff, which are personal."""

    amount: int
    reason: str
    title: str = ""
    payment_id: str = ""
    note: str = ""
    notify: bool = True


def recording_fee(asked: Fee, at: str, new_id: NewId) -> Decide:
    """Enter a fee; `result.fee_id` names it. Raises Invalid, and WrongState for one to be charged to an order
    that has ended, or under a payment on its way."""

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("charge-fee" if asked.title else "fee", order)
        if asked.title and not order.terms.payable:
            raise Invalid.at("/title", "an order request asks for no money")
        fee_id = f"f{order.facts + 1}"
        entry = _entry(order, asked, fee_id, at)
        sealed = {entry.reference: Sealed(asked.note.strip(), new_id())} if entry.reference else {}
        data: dict[str, Any] = {"entry": entry.to_dict()}
        if sealed:
            data["personal"] = {name: text.digest for name, text in sealed.items()}
        told = Decision(personal=sealed, result={"fee_id": fee_id})
        if not asked.title:
            return Decision(facts=(Happened("FeeRecorded", data),)) + told
        extra = Extra("surcharge", fee_id, asked.title, asked.amount, 0)
        outcome = _repriced(order, [*extras_of(order), extra])
        fact = Happened("FeeCharged", data | {"outcome": outcome.to_dict()}, "customer")
        return _changing(loaded, fact, outcome, at, notify=asked.notify) + told

    return decide


def withdrawing_fee(fee_id: str, at: str) -> Decide:
    """Take a fee off the books, and off what the customer owes. Raises NotFound, WrongState."""

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        entry = next((e for e in order.ledger if (e.kind, e.ref) == ("fee", fee_id)), None)
        if entry is None:
            raise NotFound(f"this order has no fee {fee_id!r}")
        if entry.status == "void":
            raise WrongState("fee-withdrawn", "this fee was withdrawn before")
        data = {"entry": replace(entry, status="void", at=at).to_dict()}
        extras = extras_of(order)
        left = [extra for extra in extras if extra.code != fee_id]
        result = Decision(result={"fee_id": fee_id})
        if left == extras:
            return Decision(facts=(Happened("FeeWithdrawn", data),)) + result
        check("charge-fee", order)
        outcome = _repriced(order, left)
        fact = Happened("FeeWithdrawn", data | {"outcome": outcome.to_dict()}, "customer")
        return _changing(loaded, fact, outcome, at, notify=False) + result

    return decide


def _entry(order: Order, asked: Fee, fee_id: str, at: str) -> Entry:
    captures = [e for e in order.ledger if e.kind == "capture"]
    of = payment_named(captures, asked.payment_id) if asked.payment_id else None
    return Entry(
        f"{MANUAL}:fee:{fee_id}",
        "fee",
        of.method if of else order.method,
        MANUAL,
        asked.amount,
        order.currency,
        "ok",
        at,
        ref=fee_id,
        parent=of.ref if of else "",
        reference=f"note:fee-{fee_id}" if asked.note.strip() else "",
        reason=asked.reason,
    )


def _repriced(order: Order, extras: list[Extra]) -> Outcome:
    """The order with these discounts, surcharges and delivery; its goods as they were charged."""
    priced = reprice(order, [Kept(line) for line in order.lines], extras, "")
    lines = tuple(map(bare, priced.lines))
    as_it_is = unchanged(order)
    return replace(
        as_it_is, lines=lines, charges=priced.charges, tax_lines=priced.tax_lines, totals=priced.totals
    )


def _changing(loaded: Loaded, fact: Happened, outcome: Outcome, at: str, *, notify: bool) -> Decision:
    """The new total, asked for by a new attempt to pay."""
    decision = Decision(facts=(fact,)) + asking_anew(loaded, outcome, at)
    key = str(loaded.order.facts + 1)
    return decision + Decision(effects=(mail("order_edited", key),)) if notify else decision
