"""Place a draft: the checkout's own rules, then an order like any other."""

from dataclasses import dataclass, replace

from comanda.errors import Invalid, PriceChanged
from comanda.ids import NewId
from comanda.links.issue import Links
from comanda.orders.assign import assigned_by_rule
from comanda.orders.decision import Decision, Loaded, Sealed
from comanda.orders.desk import Decide
from comanda.orders.drafts.content import form_errors, request_of
from comanda.orders.drafts.write import Reader, texts_of
from comanda.orders.facts import Origin
from comanda.orders.form import judge_form
from comanda.orders.guards import check
from comanda.orders.model import Draft, Order
from comanda.orders.place import Codes, Register, as_expected, code_use, counting, new_customer, placed, terms
from comanda.orders.price import Price
from comanda.orders.quote import quote
from comanda.orders.request import OrderRequest, Shelf
from comanda.orders.vocabulary import Lifecycle


@dataclass(frozen=True, slots=True)
class Counter:
    """What placing a draft needs of the outside."""

    reader: Reader
    links: Links
    customers: Register
    new_id: NewId
    codes: Codes


@dataclass(frozen=True, slots=True)
class Placing:
    """How staff place it. `verified`: they have the customer on the telephone, who may also have
    accepted the privacy policy. `expected_total` in minor units, when they have told one."""

    verified: bool = False
    privacy: bool = False
    expected_total: int | None = None
    expected_currency: str = ""


def placing(wanted: Placing, origin: Origin, at: Counter) -> Decide:
    """Raises WrongState, Invalid with all that is missing, PriceChanged, OutOfStock."""

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("place", order)
        draft, texts = order.draft or Draft(), texts_of(loaded)
        shelf = at.reader.shelf(draft, str((texts.get("contact") or {}).get("email") or ""))
        asked = replace(
            request_of(draft, texts, order.locale),
            expected_total=wanted.expected_total,
            expected_currency=wanted.expected_currency,
        )
        priced = _priced(draft, asked, shelf)
        asked = replace(asked, accept_privacy=wanted.privacy)
        return _decided(loaded, asked, priced, shelf, origin, at, verified=wanted.verified)

    return decide


def _priced(draft: Draft, asked: OrderRequest, shelf: Shelf) -> Price:
    """Today's price of a draft that lacks nothing."""
    chosen = (("/payment_method", draft.method), ("/delivery", draft.delivery))
    errors = [{"pointer": name, "detail": "not chosen yet"} for name, value in chosen if not value]
    errors += form_errors(asked, shelf)
    if draft.method and not shelf.payment.enabled:
        errors.append({"pointer": "/payment_method", "detail": "this way to pay is not offered"})
    try:
        priced = quote(asked, shelf)
    except Invalid as refused:
        errors += refused.extra["errors"]
    if errors:
        raise Invalid("the draft is not complete", errors=errors)
    if not as_expected(asked, priced, shelf.shop.currency):
        raise PriceChanged("the total is not what was expected", totals=priced.totals)
    return priced


def _decided(
    loaded: Loaded,
    asked: OrderRequest,
    priced: Price,
    shelf: Shelf,
    origin: Origin,
    at: Counter,
    *,
    verified: bool,
) -> Decision:
    judged, warnings = judge_form(asked, shelf, None)
    sealed = {name: Sealed(text, at.new_id()) for name, text in judged.items() if text}
    customer_id = shelf.owner or at.new_id()
    use = code_use(shelf, customer_id, loaded.order.order_id)
    order = replace(
        _bare(loaded.order),
        lifecycle=Lifecycle.PLACED if verified else Lifecycle.AWAITING_VERIFICATION,
        lines=priced.lines,
        charges=priced.charges,
        tax_lines=priced.tax_lines,
        totals=priced.totals,
        terms=terms(asked.method, shelf, origin.at, known=verified),
        personal=loaded.order.personal | {name: one.digest for name, one in sealed.items()},
        privacy=shelf.checkout.privacy.version if asked.accept_privacy else "",
        customer_id=customer_id,
        code_use=use,
        verified=verified,
        warnings=tuple(warnings),
    )
    decision = placed(order, sealed, origin, at.links, inline=False)
    decision += assigned_by_rule(order, asked.shipping, shelf.sales)
    if not shelf.owner:
        decision += new_customer(customer_id, judged["contact"], asked.locale, origin.at, at.customers)
    return decision + counting(use, shelf, at.codes)


def _bare(order: Order) -> Order:
    """The order without what only a draft has; what the chain counts is not told twice."""
    return replace(order, draft=None, run=1, revision=0, version=0, facts=0, head_hash="")
