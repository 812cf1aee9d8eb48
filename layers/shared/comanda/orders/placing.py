"""What placing an order writes, whether it comes from the checkout or was a draft."""

from dataclasses import replace
from typing import Any, Protocol

from comanda.customers.learn import Book
from comanda.customers.model import Customer
from comanda.discounts.model import DiscountCode, shard_of
from comanda.links.issue import Links
from comanda.orders import goods
from comanda.orders.asking import deadlines, taking
from comanda.orders.attempts import begin, first_entry, held_at_first
from comanda.orders.bill import Price
from comanda.orders.decision import NOTHING, Decision, Effect, Sealed
from comanda.orders.facts import Happened, Origin
from comanda.orders.mails import mail
from comanda.orders.model import CodeUse, Entry, Order, Terms
from comanda.orders.quote import collected
from comanda.orders.request import OrderRequest, Shelf
from comanda.orders.vocabulary import Method
from comanda.settings.methods import PROVIDERS
from comanda.times import later

INLINE_SECONDS = 30  # how long the checkout itself may take to reach the payment provider


class Register(Book, Protocol):
    """Where new customers are written."""

    def register(self, tx: Any, customer: Customer) -> None: ...


class Codes(Protocol):
    """Where the uses of discount codes are counted."""

    def take(self, tx: Any, use: CodeUse, code: DiscountCode) -> None: ...


def as_expected(asked: OrderRequest, priced: Price, currency: str) -> bool:
    if asked.expected_total is None:
        return True
    return (asked.expected_total, asked.expected_currency or currency) == (priced.totals.total, currency)


def new_customer(
    customer_id: str, contact: dict[str, Any], locale: str, at: str, customers: Register
) -> Decision:
    """A customer nobody knew, written in the order's own transaction."""
    named = {"email": "", "name": ""} | contact
    customer = Customer(customer_id, locale=locale, created_at=at, **named)
    return Decision(also=(lambda tx: customers.register(tx, customer),))


def placed(
    order: Order,
    personal: dict[str, Sealed],
    origin: Origin,
    links: Links,
    *,
    inline: bool = True,
    spent: tuple[Entry, ...] = (),
) -> Decision:
    """What placing writes: the order, its stock, the way to pay, the mails, and the workflow's start.

    `inline`: whoever places it begins the payment at the provider in the same request. `spent` is store
    credit and gift cards that pay a part of it, or all.
    """
    facts = (Happened("OrderPlaced", {"order": order.to_dict()}, "customer"),)
    decision = Decision(facts, personal=personal, effects=(Effect("run-1", "lifecycle", {"run": 1}),))
    if order.terms.reserve_on == "placed":
        decision += goods.reserving(order)
    paid = (Happened("PaymentCaptured", {"entry": entry.to_dict()}, "customer") for entry in spent)
    decision += Decision(facts=tuple(paid))
    due = order.totals.total - sum(entry.amount for entry in spent)
    decision += _payment(order, due, origin, inline=inline)
    return decision if order.verified else decision + _verification(order, links)


def _payment(order: Order, due: int, origin: Origin, *, inline: bool) -> Decision:
    if not order.terms.payable or due == 0:
        return NOTHING
    if order.method in PROVIDERS:
        until = later(origin.at, INLINE_SECONDS) if inline else ""
        hosted, hold = order.terms.hosted, held_at_first(order)
        return Decision(effects=(begin(1, order.method, due, hosted=hosted, until=until, hold=hold),))
    entry = replace(first_entry(order, origin.at), amount=due)
    fact = Happened("PaymentStarted", {"entry": entry.to_dict()})
    return Decision(facts=(fact,), effects=(mail("payment_instructions", "1"),))


def _verification(order: Order, links: Links) -> Decision:
    link = links.issue("verify", order.order_id, str(order.link_serial), order.terms.verify_by)
    return Decision(
        effects=(mail("verification", str(order.link_serial), links={"verify": link.mark}),),
        also=(link.write,),
    )


def code_use(shelf: Shelf, customer_id: str, order_id: str) -> CodeUse | None:
    """The use of the discount code that the order will stand for, if its uses are counted."""
    if shelf.code is None or not shelf.code.counted:
        return None
    return CodeUse(shelf.code.code, customer_id, shard_of(shelf.code, order_id))


def counting(use: CodeUse | None, shelf: Shelf, codes: Codes) -> Decision:
    """Count the use in the order's own transaction; the last one goes to whoever is first."""
    code = shelf.code
    if use is None or code is None:
        return NOTHING
    return Decision(also=(lambda tx: codes.take(tx, use, code),))


def terms(method: Method, shelf: Shelf, at: str, *, known: bool, delivery: str) -> Terms:
    """The settings of this moment, as the order will keep them; `delivery` is the code of its way there."""
    pay = shelf.payment
    payable = method is not Method.REQUEST
    asked = deadlines(pay, at) if payable else {}
    return Terms(
        approval=shelf.checkout.approval,
        verify_by="" if known else later(at, shelf.checkout.verification_seconds),
        remind_at=asked.get("remind_at", ""),
        reminders=tuple(asked.get("reminders", ())),
        pay_by=asked.get("pay_by", ""),
        ship_before_payment=pay.ship_before_payment,
        payable=payable,
        receipt=shelf.notifications.receipt,
        notify_merchant=shelf.checkout.notify_merchant,
        reserve_on=pay.reserve_on,
        rounding=shelf.shop.rounding,
        hold_seconds=pay.reserved_seconds if payable else 0,
        link_seconds=shelf.checkout.link_seconds,
        hosted=pay.hosted,
        **taking(pay),
        steps=shelf.fulfilment.steps,
        ready_mail=shelf.fulfilment.ready_mail and not collected(delivery, shelf.shipping),
    )
