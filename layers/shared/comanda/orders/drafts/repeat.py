"""Order the same again: at today's prices, and with a word on everything that cannot be had alike."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from comanda.orders.decision import Decision, Loaded
from comanda.orders.drafts.content import Wishes
from comanda.orders.drafts.write import DraftDesk, starting
from comanda.orders.facts import Origin
from comanda.orders.model import Draft, DraftLine, Line, Order
from comanda.orders.vocabulary import Lifecycle
from comanda.orders.wire import money

REPEATED = ("contact", "shipping", "billing", "fields")  # a comment was for that one order
UNSOLD = (Lifecycle.CANCELLED, Lifecycle.EXPIRED)

type Left = Mapping[str, int | None]  # SKU → how many can be bought now; None: not counted
type OnSale = Callable[[Iterable[str]], Left]  # of those that are for sale; others are missing


@dataclass(frozen=True, slots=True)
class Again:
    """What an order asked for, product by product, and what of it is not to be had alike."""

    lines: tuple[tuple[str, int], ...]
    gone: tuple[dict[str, Any], ...]  # {sku, name, quantity}
    short: tuple[dict[str, Any], ...]  # {sku, requested, available}

    @property
    def available(self) -> tuple[tuple[str, int], ...]:
        """The lines cut down to what there is."""
        least = {one["sku"]: max(one["available"], 0) for one in self.short}
        return tuple((sku, least.get(sku, n)) for sku, n in self.lines if least.get(sku, n))


def wanted_of(order: Order) -> dict[str, int]:
    """SKU → units. Of an order that ended unsold all that was asked for, else without what was cancelled."""
    units: dict[str, int] = {}
    for line in order.lines:
        count = line.quantity if order.lifecycle in UNSOLD else line.wanted
        if count > 0:
            units[line.sku] = units.get(line.sku, 0) + count
    return units


def again(order: Order, left: Left) -> Again:
    """Sort what the order asked for by what is left of it."""
    names = {line.sku: line.name for line in order.lines}
    wanted = wanted_of(order)
    gone = tuple(
        {"sku": sku, "name": names[sku], "quantity": n} for sku, n in wanted.items() if sku not in left
    )
    short = tuple(
        {"sku": sku, "requested": n, "available": there}
        for sku, n in wanted.items()
        if sku in left and (there := left[sku]) is not None and there < n
    )
    return Again(tuple((sku, n) for sku, n in wanted.items() if sku in left), gone, short)


def repeating(loaded: Loaded, origin: Origin, at: DraftDesk, on_sale: OnSale) -> Decision:
    """A draft of the same products for the same customer. `result` names what is gone, short, priced
    otherwise today, or left out."""
    order = loaded.order
    found = again(order, on_sale(wanted_of(order)))
    draft = Draft(tuple(DraftLine(sku, n) for sku, n in found.lines), order.method, order.delivery)
    draft, left_out = _still_offered(order, draft, at)
    wishes = Wishes(
        draft.lines,
        draft.method,
        draft.delivery,
        locale=order.locale,
        texts={name: loaded.text(name) for name in REPEATED},
    )
    told = {"gone": list(found.gone), "short": list(found.short), "left_out": left_out}
    decision = starting(wishes, origin, at, made_of=f"order:{order.order_id}", result=told)
    fresh = decision.facts[0].data["order"]["lines"]
    changed = price_changes(order, tuple(map(Line.from_dict, fresh)), order.currency)
    return replace(decision, result=decision.result | {"repriced": changed})


def price_changes(before: Order, now: Iterable[Line], currency: str) -> list[dict[str, Any]]:
    """Products whose unit price is not what this order was charged."""
    paid = {line.sku: line.unit_price for line in before.lines}
    return [
        {
            "sku": line.sku,
            "was": money(paid[line.sku], before.currency),
            "now": money(line.unit_price, currency),
        }
        for line in now
        if line.unit_price != paid[line.sku]
    ]


def _still_offered(order: Order, draft: Draft, at: DraftDesk) -> tuple[Draft, list[dict[str, str]]]:
    """The draft without a way to pay or to deliver that the shop has given up since."""
    shelf = at.reader.shelf(draft, {})
    left_out = []
    if not shelf.payment.enabled:
        left_out.append({"pointer": "/payment_method", "detail": f"{draft.method} is not offered any more"})
        draft = replace(draft, method="")
    if draft.delivery not in {delivery.code for delivery in shelf.shipping.deliveries}:
        left_out.append({"pointer": "/delivery", "detail": f"{draft.delivery} is not offered any more"})
        draft = replace(draft, delivery="")
    if order.discount_code:
        left_out.append({"pointer": "/discount_code", "detail": f"{order.discount_code} was for that order"})
    return draft, left_out
