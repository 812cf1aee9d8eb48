"""Place a draft: the checkout's own rules, then an order like any other."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from comanda.customers.model import Customer
from comanda.customers.model import verified as confirmed_address
from comanda.customers.wallet import Account, Wallet
from comanda.errors import Invalid, PriceChanged, WrongState
from comanda.ids import NewId
from comanda.links.issue import Links
from comanda.orders.assign import assigned_by_rule
from comanda.orders.bill import Price
from comanda.orders.decision import NOTHING, Decision, Loaded, Sealed
from comanda.orders.desk import Decide
from comanda.orders.drafts.content import form_errors, request_of
from comanda.orders.drafts.funds import funds_of
from comanda.orders.drafts.write import Reader, texts_of
from comanda.orders.facts import Origin
from comanda.orders.form import judge_form
from comanda.orders.guards import check
from comanda.orders.model import Draft, Order
from comanda.orders.placing import Codes, as_expected, code_use, counting, new_customer, placed, terms
from comanda.orders.quote import method_errors, quote
from comanda.orders.request import OrderRequest, Shelf
from comanda.orders.spend import spending
from comanda.orders.verify import Register
from comanda.orders.vocabulary import Lifecycle

# Whose word stands for the customer's address: the mailed link's, staff's, or nobody's yet.
type By = Literal["customer", "verified", "unverified"]


@dataclass(frozen=True, slots=True)
class Counter:
    """What placing a draft needs of the outside."""

    reader: Reader
    links: Links
    customers: Register
    new_id: NewId
    codes: Codes
    wallet: Callable[[Account], Wallet]


@dataclass(frozen=True, slots=True)
class Placing:
    """How staff place it. `verified`: they have the customer on the telephone, who may also have
    accepted the privacy policy. `expected_total` in minor units, when they have told one."""

    verified: bool = False
    privacy: bool = False
    expected_total: int | None = None
    expected_currency: str = ""
    cards: tuple[str, ...] = ()  # codes of gift cards that the customer told


def placing(wanted: Placing, origin: Origin, at: Counter) -> Decide:
    """A quotation is placed at its prices, a draft at today's. Raises WrongState, Invalid with all that
    is missing, PriceChanged, OutOfStock."""

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("place", order)
        draft, texts = order.draft or Draft(), texts_of(loaded)
        contact = texts.get("contact") or {}
        shelf = at.reader.shelf(draft, contact)
        asked = replace(
            request_of(draft, texts, order.locale),
            expected_total=wanted.expected_total,
            expected_currency=wanted.expected_currency,
        )
        quoted = order.lifecycle == Lifecycle.QUOTED
        if quoted and draft.expires_at <= origin.at:
            raise WrongState("quotation-expired", "the quotation has expired: quote it again")
        priced = held(order) if quoted else price_of_today(draft, asked, shelf)
        if not as_expected(asked, priced, shelf.shop.currency):
            raise PriceChanged("the total is not what was expected", totals=priced.totals)
        if not contact.get("email") and not wanted.verified:
            told = "without an e-mail address nothing can be confirmed by mail: say that you reached them"
            raise Invalid.at("/verified", told)
        asked = replace(asked, accept_privacy=wanted.privacy)
        by: By = "verified" if wanted.verified else "unverified"
        return deciding(loaded, asked, priced, shelf, origin, at, by=by, cards=wanted.cards)

    return decide


def held(order: Order) -> Price:
    """The price that a quotation promises."""
    return Price(order.lines, order.charges, order.tax_lines, order.totals)


def price_of_today(draft: Draft, asked: OrderRequest, shelf: Shelf) -> Price:
    """The price of a draft that lacks nothing. Raises Invalid with all that it lacks."""
    chosen = (("/payment_method", draft.method), ("/delivery", draft.delivery))
    errors = [{"pointer": name, "detail": "not chosen yet"} for name, value in chosen if not value]
    errors += form_errors(asked, shelf)
    if draft.method and not shelf.payment.enabled:
        errors.append({"pointer": "/payment_method", "detail": "this way to pay is not offered"})
    try:
        priced = quote(asked, shelf)
        errors += method_errors(asked, priced.totals.total, shelf) if draft.method else []
    except Invalid as refused:
        errors += refused.extra["errors"]
    if errors:
        raise Invalid("the draft is not complete", errors=errors)
    return priced


def deciding(
    loaded: Loaded,
    asked: OrderRequest,
    priced: Price,
    shelf: Shelf,
    origin: Origin,
    at: Counter,
    *,
    by: By,
    cards: tuple[str, ...] = (),
) -> Decision:
    """The draft becomes an order; `by` says whose word stands for the customer's address, `cards` are codes
    of gift cards to spend. Raises what `spending` raises."""
    before, verified = loaded.order, by != "unverified"
    judged, warnings = judge_form(asked, shelf, None)
    sealed = {name: Sealed(text, at.new_id()) for name, text in judged.items() if text}
    customer_id = shelf.owner or at.new_id()
    # The use of a code was promised with the quotation: its limit is not asked again.
    use = code_use(shelf, customer_id, before.order_id) if before.lifecycle == Lifecycle.DRAFT else None
    order = replace(
        _bare(before),
        lifecycle=Lifecycle.PLACED if verified else Lifecycle.AWAITING_VERIFICATION,
        lines=priced.lines,
        charges=priced.charges,
        tax_lines=priced.tax_lines,
        totals=priced.totals,
        terms=terms(asked.method, shelf, origin.at, known=verified, delivery=asked.delivery),
        personal=before.personal | {name: one.digest for name, one in sealed.items()},
        privacy=shelf.checkout.privacy.version if asked.accept_privacy else "",
        customer_id=customer_id,
        code_use=use,
        verified=verified,
        without_mail=not judged["contact"].get("email"),
        warnings=tuple(warnings),
    )
    draft = before.draft or Draft()
    funds = funds_of(draft, customer_id, order.currency, cards, at.wallet, reached=verified)
    spent = spending(order, funds, origin.at) if funds else ()
    decision = placed(order, sealed, origin, at.links, inline=by == "customer", spent=spent)
    decision += assigned_by_rule(order, asked.shipping, shelf.sales)
    decision += _customer(order, judged["contact"], shelf, origin.at, at, by=by)
    return decision + counting(use, shelf, at.codes)


def _customer(
    order: Order, contact: dict[str, Any], shelf: Shelf, now: str, at: Counter, *, by: By
) -> Decision:
    """A customer nobody knew is registered; one who used a mailed link has a confirmed address."""
    if by != "customer":
        known = bool(shelf.owner)
        return NOTHING if known else new_customer(order.customer_id, contact, order.locale, now, at.customers)
    owner = at.customers.living(shelf.owner) if shelf.owner else None
    fresh = Customer(order.customer_id, locale=order.locale, created_at=now, **contact)
    customer = confirmed_address(owner or fresh, contact["email"], now)
    write = at.customers.save if owner else at.customers.register
    return Decision(also=(lambda tx: write(tx, customer),))


def _bare(order: Order) -> Order:
    """The order without what only a draft has; what the chain counts is not told twice."""
    return replace(order, draft=None, run=1, revision=0, version=0, facts=0, head_hash="")
