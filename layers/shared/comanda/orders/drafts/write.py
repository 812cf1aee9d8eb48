"""Begin, change and give up a draft. It holds no stock, runs no workflow and tells nobody."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from comanda.errors import Invalid
from comanda.ids import NewId
from comanda.orders.decision import Decision, Loaded, Sealed
from comanda.orders.desk import Decide
from comanda.orders.drafts.content import Estimate, Wishes, estimate, unknown_products, with_price
from comanda.orders.facts import Happened, Origin
from comanda.orders.guards import check
from comanda.orders.model import Draft, Order, Terms, Totals
from comanda.orders.request import Shelf
from comanda.orders.vocabulary import Channel, Lifecycle, Method

TEXTS = ("contact", "shipping", "billing", "comment", "purchase_order", "fields")

type Texts = dict[str, Any]


class Reader(Protocol):
    """What the shop says about a draft's products, method and customer."""

    def shelf(self, draft: Draft, contact: Mapping[str, Any]) -> Shelf: ...


class Numbers(Protocol):
    def next_number(self) -> int: ...


@dataclass(frozen=True, slots=True)
class DraftDesk:
    """What drafts need of the outside."""

    reader: Reader
    numbers: Numbers
    new_id: NewId


def starting(
    wishes: Wishes,
    origin: Origin,
    at: DraftDesk,
    *,
    made_of: str = "",
    result: Mapping[str, Any] | None = None,
) -> Decision:
    """The first commit of a draft. Raises Invalid for products and codes that the shop does not know."""
    draft, texts = wishes.written_into(Draft()), _filled(wishes.texts)
    shelf = at.reader.shelf(draft, texts.get("contact") or {})
    locale = wishes.locale or shelf.shop.locale
    told = _estimate(draft, Draft(), texts, locale, shelf)
    empty = _empty(origin, at, shelf, locale)
    sealed = {name: Sealed(text, at.new_id()) for name, text in texts.items()}
    digests = {name: one.digest for name, one in sealed.items()}
    order = replace(with_price(empty, draft, told.price), personal=digests, made_of=made_of)
    return Decision(
        facts=(Happened("DraftStarted", {"order": order.to_dict()}),),
        personal=sealed,
        result={"order_id": order.order_id, "missing": told.missing, **(result or {})},
    )


def changing(wishes: Wishes, at: DraftDesk) -> Decide:
    """Write into a draft; a quotation becomes a draft again, and its link stops working.

    Raises WrongState once it is placed, and Invalid.
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("change-draft", order)
        before = order.draft or Draft()
        draft, texts = wishes.written_into(before), texts_of(loaded) | dict(wishes.texts)
        shelf = at.reader.shelf(draft, texts.get("contact") or {})
        locale = wishes.locale or order.locale
        told = _estimate(draft, before, texts, locale, shelf)
        sealed = {name: Sealed(text, at.new_id()) for name, text in _other(wishes.texts, loaded).items()}
        personal = order.personal | {name: one.digest for name, one in sealed.items()}
        changed = replace(with_price(order, draft, told.price), personal=personal, locale=locale)
        result = {"missing": told.missing}
        if order.lifecycle == Lifecycle.QUOTED:
            if draft == before and personal == order.personal and locale == order.locale:
                return Decision(result=result)  # its prices are promised, whatever they are today
            open_again = replace(draft, expires_at="")
            changed = replace(changed, lifecycle=Lifecycle.DRAFT, draft=open_again)
        if changed == order:
            return Decision(result=result)
        return Decision((rewritten("DraftChanged", changed),), personal=sealed, result=result)

    return decide


def discarding(loaded: Loaded) -> Decision:
    """Give a draft up. Raises WrongState once it is placed."""
    check("discard", loaded.order)
    return Decision(facts=(Happened("DraftDiscarded", {}),))


def rewritten(fact: str, order: Order, visibility: str = "internal") -> Happened:
    """A fact that holds the whole order; what the chain counts is not told twice."""
    bare = replace(order, revision=0, version=0, facts=0, head_hash="")
    return Happened(fact, {"order": bare.to_dict()}, visibility)


def texts_of(loaded: Loaded) -> Texts:
    """The personal texts of a draft that hold something."""
    return {name: text for name in TEXTS if (text := loaded.text(name))}


def _estimate(draft: Draft, before: Draft, texts: Texts, locale: str, shelf: Shelf) -> Estimate:
    skus = [line.sku for line in draft.lines]
    errors = [
        {"pointer": f"/lines/{index}/sku", "detail": "a draft has one line for each product"}
        for index, sku in enumerate(skus)
        if sku in skus[:index]
    ]
    errors += unknown_products(draft, before, shelf)
    if errors:
        raise Invalid("some lines cannot be written into a draft", errors=errors)
    return estimate(draft, texts, locale, shelf)


def _empty(origin: Origin, at: DraftDesk, shelf: Shelf, locale: str) -> Order:
    return Order(
        order_id=at.new_id(),
        number=f"{shelf.shop.number_prefix}{at.numbers.next_number():06d}",
        currency=shelf.shop.currency,
        channel=Channel.PHONE,
        locale=locale,
        lifecycle=Lifecycle.DRAFT,
        method=Method.REQUEST,
        delivery="",
        created_at=origin.at,
        updated_at=origin.at,
        lines=(),
        charges=(),
        tax_lines=(),
        totals=Totals(0, 0, 0, 0, 0, 0, tax_included=shelf.shop.tax_included),
        terms=Terms(payable=False),
    )


def _other(texts: Mapping[str, Any], loaded: Loaded) -> Texts:
    """Those that say something else than is stored: what is sent again as it is changes nothing."""
    return {name: text for name, text in texts.items() if (text or None) != (loaded.text(name) or None)}


def _filled(texts: Mapping[str, Any]) -> Texts:
    return {name: text for name, text in texts.items() if text}
