"""Work an edit out: what the order would be with its actions. Preview and commit both call this."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from comanda.errors import Invalid
from comanda.orders.bill import Extra, Item, Price
from comanda.orders.edits.change_set import Change
from comanda.orders.edits.outcome import Outcome, bare, unchanged
from comanda.orders.edits.sheet import Sheet, charge_code
from comanda.orders.holdings import counted
from comanda.orders.model import Line, Order
from comanda.orders.quote import MOST_SKUS, delivery_extra, judge_slot
from comanda.orders.reprice import reprice
from comanda.orders.zones import Parcel
from comanda.pricelists.model import Tariff
from comanda.settings.sections import Shipping
from comanda.stock.model import Product


@dataclass(frozen=True, slots=True)
class EditShelf:
    """What of the shop an edit looks at: the products it adds, ways of delivery, where stock is taken."""

    products: Mapping[str, Product]
    shipping: Shipping
    location: str
    tariff: Tariff = field(default_factory=Tariff)  # of the order's customer


def work_out(
    order: Order, edit_id: str, changes: Sequence[Change], texts: Mapping[str, Any], shelf: EditShelf
) -> Outcome:
    """The order's goods and sums with all actions applied in turn. Pure; money in minor units.

    Charged lines keep their price, new ones cost what they cost today; delivery is asked anew only by
    its own action. `texts` are the personal texts, new ones over old. Raises Invalid with every action
    that cannot be done, AmbiguousLine, and WrongState below what has been shipped.
    """
    sheet = Sheet.of(order, edit_id)
    errors: list[dict[str, str]] = []
    for index, change in enumerate(changes):
        try:
            _apply(sheet, change, index, shelf)
        except Invalid as invalid:
            if invalid.type != Invalid.type:
                raise
            errors += invalid.extra["errors"]
    if errors:
        raise Invalid("some actions cannot be done", errors=errors)
    deliver = _deliver(sheet, changes, texts, shelf)
    if not sheet.touched:
        return unchanged(order)
    priced = _priced(sheet, sheet.shipping, shelf)
    _sound(sheet, changes, priced)
    charges = tuple(charge for charge in priced.charges if charge.kind != "discount" or charge.amount)
    lines = tuple(map(bare, priced.lines))
    return Outcome(lines, charges, priced.tax_lines, priced.totals, deliver.delivery, deliver.slot)


def _apply(sheet: Sheet, change: Change, index: int, shelf: EditShelf) -> None:
    at = f"/actions/{index}"
    match change.kind:
        case "add":
            sheet.add(change, at, shelf.products.get(change.sku), shelf.tariff)
        case "remove":
            sheet.remove(change, at)
        case "quantity":
            sheet.quantity(change, at)
        case "price":
            sheet.price(change, at)
        case "discount" | "surcharge":
            sheet.charge(change, index)


def _deliver(sheet: Sheet, changes: Sequence[Change], texts: Mapping[str, Any], shelf: EditShelf) -> Change:
    """Put the last wish for another delivery onto the sheet; the order's own if there is none. Raises
    Invalid."""
    wanted = next((i for i in reversed(range(len(changes))) if changes[i].kind == "delivery"), None)
    if wanted is None:
        return Change("delivery", delivery=sheet.order.delivery, slot=sheet.order.delivery_slot)
    change, address = changes[wanted], _address(changes, texts)
    offered = next((one for one in shelf.shipping.deliveries if one.code == change.delivery), None)
    at = f"/actions/{wanted}/delivery"
    try:
        judge_slot(change.delivery, change.slot, shelf.shipping)
        if offered is None or change.price is None:
            goods = _parcel(_priced(sheet, [], shelf))
            extra = delivery_extra(change.delivery, address, shelf.shipping, goods, sheet.order.locale)
        else:
            title = offered.title.of(sheet.order.locale) or offered.code
            extra = Extra("shipping", offered.code, title, change.price, offered.tax_ppm)
    except Invalid as refused:
        error = refused.extra["errors"][0]
        place = f"{at}_slot" if error["pointer"] == "/delivery_slot" else at
        raise Invalid.at(place, error["detail"]) from refused
    if offered is not None and offered.needs_address and not address:
        raise Invalid.at(at, "this delivery needs an address: send an address with it")
    sheet.shipping, sheet.touched = [extra], True
    return change


def _parcel(priced: Price) -> Parcel:
    grams = sum(line.weight_grams * line.quantity for line in priced.lines)
    return Parcel(priced.totals.subtotal - priced.totals.discount, grams)


def _address(changes: Sequence[Change], texts: Mapping[str, Any]) -> dict[str, Any]:
    new = [name for change in changes for name in change.texts if name.endswith(":shipping")]
    return texts.get(new[-1] if new else "shipping") or {}


def _priced(sheet: Sheet, shipping: Sequence[Extra], shelf: EditShelf) -> Price:
    items: list[Item] = [*sheet.kept.values(), *sheet.new]
    return reprice(sheet.order, items, [*sheet.extras, *shipping], shelf.location)


def _sound(sheet: Sheet, changes: Sequence[Change], priced: Price) -> None:
    """Raise Invalid for an order with nothing in it, too many products, or a discount beyond the goods."""
    if not any(line.wanted > 0 for line in priced.lines):
        raise Invalid.at("/actions", "an order keeps at least one line; cancel it instead")
    if too_many_products(priced.lines):
        raise Invalid.at("/actions", f"an order takes at most {MOST_SKUS} different products")
    charged = {charge.code: charge.amount for charge in priced.charges}
    for index, change in enumerate(changes):
        code = charge_code(sheet.edit_id, index)
        if change.kind == "discount" and charged.get(code, change.price) != change.price:
            raise Invalid.at(f"/actions/{index}/amount", "this is more than what the goods still cost")


def too_many_products(lines: Sequence[Line]) -> bool:
    """Whether an order with these lines has more different products than one transaction takes."""
    stocked = {sku for line in lines for sku, _ in counted(line)}
    return max(len(stocked), len({line.sku for line in lines})) > MOST_SKUS
