"""Place an order: price it, judge it, and write it together with the stock it takes."""

from dataclasses import dataclass, replace
from typing import Any, Protocol
from zlib import crc32

from comanda.customers.learn import Book, learning
from comanda.customers.model import Customer
from comanda.customers.open_account import CreditTerms, credit_terms
from comanda.discounts.model import DiscountCode, shard_of
from comanda.errors import CreditLimit, PriceChanged, PrivacyNotAccepted
from comanda.idempotency.store import Earlier, KeyStore, Request
from comanda.ids import NewId
from comanda.links.issue import Links
from comanda.orders import goods
from comanda.orders.assign import assigned_by_rule
from comanda.orders.attempts import first_entry
from comanda.orders.bill import Price
from comanda.orders.decision import NOTHING, Decision, Effect, Sealed
from comanda.orders.desk import Desk
from comanda.orders.facts import Happened, Origin
from comanda.orders.form import judge_form
from comanda.orders.mails import mail
from comanda.orders.model import CodeUse, Entry, Line, Order, Terms
from comanda.orders.on_terms import Accounts, on_terms, opening
from comanda.orders.quote import quote
from comanda.orders.request import OrderRequest, Shelf
from comanda.orders.spend import spending
from comanda.orders.vocabulary import Lifecycle, Method
from comanda.settings.methods import PROVIDERS
from comanda.stock.places import shards_at
from comanda.times import later

INLINE_SECONDS = 30  # how long the checkout itself may take to reach the payment provider


class Numbers(Protocol):
    def next_number(self) -> int: ...


class Register(Book, Protocol):
    """Where new customers are written."""

    def register(self, tx: Any, customer: Customer) -> None: ...


class Codes(Protocol):
    """Where the uses of discount codes are counted."""

    def take(self, tx: Any, use: CodeUse, code: DiscountCode) -> None: ...


@dataclass(frozen=True, slots=True)
class Counter:
    """What placing an order needs of the outside."""

    desk: Desk
    links: Links
    numbers: Numbers
    customers: Register
    keys_seen: KeyStore
    new_id: NewId
    codes: Codes
    accounts: Accounts | None = None


def place_order(
    asked: OrderRequest,
    shelf: Shelf,
    signed_in: Customer | None,
    key: Request,
    origin: Origin,
    at: Counter,
) -> Order:
    """Write the order and answer it.

    Raises Invalid (with every error found), PrivacyNotAccepted, PriceChanged, OutOfStock, AlreadyDone
    when the key was used in the meantime, RevisionMoved when somebody else just registered this
    address (read the shelf again), and Busy. Nothing is written then.
    """
    if not asked.accept_privacy:
        raise PrivacyNotAccepted("accept_privacy has to be true", policy=shelf.checkout.privacy.model_dump())
    if signed_in and not asked.shipping:
        asked = replace(asked, shipping=signed_in.address)
    priced = quote(asked, shelf)
    if not as_expected(asked, priced, shelf.shop.currency):
        raise PriceChanged("the total is not what was expected", totals=priced.totals)
    judged, warnings = judge_form(asked, shelf, signed_in)
    personal = {name: Sealed(value, at.new_id()) for name, value in judged.items() if value}
    known = signed_in is not None
    customer_id = signed_in.customer_id if signed_in else shelf.owner or at.new_id()
    order_id = at.new_id()
    use = code_use(shelf, customer_id, order_id)
    credit = credit_terms(signed_in, shelf.customers) if signed_in and at.accounts else None
    order = Order(
        order_id=order_id,
        number=f"{shelf.shop.number_prefix}{at.numbers.next_number():06d}",
        currency=shelf.shop.currency,
        channel=asked.channel,
        locale=asked.locale,
        lifecycle=Lifecycle.PLACED if known else Lifecycle.AWAITING_VERIFICATION,
        method=asked.method,
        delivery=asked.delivery,
        created_at=origin.at,
        updated_at=origin.at,
        lines=tuple(_at_home(line, shelf, order_id) for line in priced.lines),
        charges=priced.charges,
        tax_lines=priced.tax_lines,
        totals=priced.totals,
        terms=on_terms(terms(asked.method, shelf, origin.at, known=known), credit, asked.method, origin.at),
        personal={name: sealed.digest for name, sealed in personal.items()},
        privacy=shelf.checkout.privacy.version,
        customer_id=customer_id,
        verified=known,
        run=1,
        discount_code=asked.discount_code,
        code_use=use,
        delivery_slot=asked.delivery_slot,
        warnings=tuple(warnings),
    )
    spent = spending(order, asked.funds, origin.at) if asked.funds else ()
    decision = placed(order, personal, origin, at.links, spent=spent)
    decision += assigned_by_rule(order, asked.shipping, shelf.sales)
    if not known and not shelf.owner:
        decision += new_customer(customer_id, judged["contact"], asked.locale, origin.at, at.customers)
    if signed_in:
        places = [judged.get(name, {}) for name in ("shipping", "billing")]
        learnt = learning(at.customers, signed_in, places, origin.at)
        decision += Decision(also=learnt)
    decision += counting(use, shelf, at.codes)
    first = Earlier(order_id, 1)
    decision += Decision(also=(lambda tx: at.keys_seen.remember(tx, key, first, origin.at), *asked.also))
    return _begun(order, decision, credit, origin, at)


def _begun(
    order: Order, decision: Decision, credit: CreditTerms | None, origin: Origin, at: Counter
) -> Order:
    """Write the order. Beyond the credit limit it is refused, or held where the shop wants that."""
    if at.accounts is None:
        return at.desk.begin(decision, origin)
    try:
        return at.desk.begin(decision + opening(order, credit, at.accounts, held=False), origin)
    except CreditLimit:
        if credit is None or not credit.hold:
            raise
        return at.desk.begin(decision + opening(order, credit, at.accounts, held=True), origin)


def new_customer(
    customer_id: str, contact: dict[str, Any], locale: str, at: str, customers: Register
) -> Decision:
    """A customer nobody knew, written in the order's own transaction."""
    customer = Customer(customer_id, locale=locale, created_at=at, **contact)
    return Decision(also=(lambda tx: customers.register(tx, customer),))


def _at_home(line: Line, shelf: Shelf, order_id: str) -> Line:
    """A line of a product that is spread over shards begins at one of its own choosing."""
    shards = shards_at(shelf.products[line.sku], line.location)
    return replace(line, shard=crc32(order_id.encode()) % shards) if shards > 1 else line


def as_expected(asked: OrderRequest, priced: Price, currency: str) -> bool:
    if asked.expected_total is None:
        return True
    return (asked.expected_total, asked.expected_currency or currency) == (priced.totals.total, currency)


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
        start = Effect("pay-1", "payment.start", {"method": order.method, "amount": due}, until)
        return Decision(effects=(start,))
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


def terms(method: Method, shelf: Shelf, at: str, *, known: bool) -> Terms:
    """The settings of this moment, as the order will keep them."""
    pay = shelf.payment
    payable = method is not Method.REQUEST
    return Terms(
        approval=shelf.checkout.approval,
        verify_by="" if known else later(at, shelf.checkout.verification_seconds),
        remind_at=later(at, pay.remind_seconds) if payable and pay.remind_seconds else "",
        pay_by=later(at, pay.cancel_seconds) if payable and pay.cancel_seconds else "",
        ship_before_payment=pay.ship_before_payment,
        payable=payable,
        receipt=shelf.notifications.receipt,
        notify_merchant=shelf.checkout.notify_merchant,
        reserve_on=pay.reserve_on,
        rounding=shelf.shop.rounding,
        hold_seconds=pay.reserved_seconds if payable else 0,
        link_seconds=shelf.checkout.link_seconds,
    )
