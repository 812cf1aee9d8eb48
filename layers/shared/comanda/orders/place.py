"""Place an order: price it, judge it, and write it together with the stock it takes."""

from dataclasses import dataclass, replace
from typing import Protocol
from zlib import crc32

from comanda.customers.learn import learning
from comanda.customers.model import Customer
from comanda.customers.open_account import CreditTerms, credit_terms
from comanda.errors import CreditLimit, Invalid, PriceChanged, PrivacyNotAccepted
from comanda.idempotency.store import Earlier, KeyStore, Request
from comanda.ids import NewId
from comanda.links.issue import Links
from comanda.orders.assign import assigned_by_rule
from comanda.orders.decision import Decision, Sealed
from comanda.orders.desk import Desk
from comanda.orders.facts import Origin
from comanda.orders.form import judge_form
from comanda.orders.model import Line, Order
from comanda.orders.on_terms import Accounts, on_terms, opening
from comanda.orders.placing import (
    Codes,
    Register,
    as_expected,
    code_use,
    counting,
    new_customer,
    placed,
    terms,
)
from comanda.orders.quote import method_errors, quote
from comanda.orders.request import OrderRequest, Shelf
from comanda.orders.spend import spending
from comanda.orders.vocabulary import Lifecycle
from comanda.stock.places import shards_at


class Numbers(Protocol):
    def next_number(self) -> int: ...


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
    refused = method_errors(asked, priced.totals.total, shelf)
    if refused:
        raise Invalid("the order cannot be paid this way", errors=refused)
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
        terms=on_terms(
            terms(asked.method, shelf, origin.at, known=known, delivery=asked.delivery),
            credit,
            asked.method,
            origin.at,
        ),
        personal={name: sealed.digest for name, sealed in personal.items()},
        privacy=shelf.checkout.privacy.version,
        customer_id=customer_id,
        verified=known,
        run=1,
        discount_code=asked.discount_code,
        code_use=use,
        delivery_slot=asked.delivery_slot,
        warnings=tuple(warnings),
        carriage=asked.offer.carriage if asked.offer else None,
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
    noted = (lambda tx: at.keys_seen.remember(tx, key, first, origin.at), *asked.also)
    decision += Decision(moves=asked.freed, also=noted)
    return _begun(order, decision, credit, sum(entry.amount for entry in spent), origin, at)


def _begun(
    order: Order, decision: Decision, credit: CreditTerms | None, spent: int, origin: Origin, at: Counter
) -> Order:
    """Write the order. Beyond the credit limit it is refused, or held where the shop wants that."""
    if at.accounts is None:
        return at.desk.begin(decision, origin)
    try:
        owing = opening(order, credit, at.accounts, held=False, spent=spent)
        return at.desk.begin(decision + owing, origin)
    except CreditLimit:
        if credit is None or not credit.hold:
            raise
        owing = opening(order, credit, at.accounts, held=True, spent=spent)
        return at.desk.begin(decision + owing, origin)


def _at_home(line: Line, shelf: Shelf, order_id: str) -> Line:
    """A line of a product that is spread over shards begins at one of its own choosing."""
    shards = shards_at(shelf.products[line.sku], line.location)
    return replace(line, shard=crc32(order_id.encode()) % shards) if shards > 1 else line
