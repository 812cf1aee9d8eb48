"""What a draft was made of, and what of that cannot be had alike."""

from dataclasses import dataclass
from typing import Any

from comanda.errors import NotFound
from comanda.orders.drafts.repeat import price_changes, wanted_of
from comanda.orders.model import Draft, DraftLine, Order
from comanda.orders.vocabulary import Lifecycle
from comanda.screens.drafts.desk import SalesDesk


@dataclass(frozen=True, slots=True)
class Origin:
    """`gone`: {sku, name, quantity} that is not for sale any more; `repriced`: {sku, was, now}."""

    order_id: str = ""
    number: str = ""
    cart: bool = False
    gone: tuple[dict[str, Any], ...] = ()
    repriced: tuple[dict[str, Any], ...] = ()


def made_of(order: Order, desk: SalesDesk) -> Origin:
    """As it stands now: what has come back on sale is gone no more. Empty for what was begun afresh, and
    for a source that is not kept any longer."""
    kind, _, source = order.made_of.partition(":")
    if order.lifecycle != Lifecycle.DRAFT or kind not in ("order", "cart"):
        return Origin()
    try:
        return _of_order(order, source, desk) if kind == "order" else _of_cart(source, desk)
    except NotFound:
        return Origin()


def _of_order(order: Order, source: str, desk: SalesDesk) -> Origin:
    before = desk.office().desk.load(source).order
    wanted, names = wanted_of(before), {line.sku: line.name for line in before.lines}
    left = desk.on_sale()(wanted)
    gone = tuple(
        {"sku": sku, "name": names[sku], "quantity": n} for sku, n in wanted.items() if sku not in left
    )
    agreed = {one.sku for one in order.draft.lines if one.unit_price is not None} if order.draft else set()
    same = [line for line in order.lines if line.sku in wanted and line.sku not in agreed]
    changed = price_changes(before, same, order.currency)
    return Origin(source, before.number, gone=gone, repriced=tuple(changed))


def _of_cart(source: str, desk: SalesDesk) -> Origin:
    cart = desk.carts().store.load(source)
    left = desk.on_sale()([line.sku for line in cart.lines])
    asked = Draft(tuple(DraftLine(line.sku, line.quantity) for line in cart.lines))
    products = desk.drafts().reader.shelf(asked, {}).products  # with what left the catalogue
    gone = tuple(
        {
            "sku": line.sku,
            "name": products[line.sku].name(cart.locale) if line.sku in products else line.sku,
            "quantity": line.quantity,
        }
        for line in cart.lines
        if line.sku not in left
    )
    return Origin(cart=True, gone=gone)
