"""What a report of units that are not found would do, shown before it is made."""

from typing import Any

from comanda.backoffice.order_answer import order_answer
from comanda.conversation.speech import N_
from comanda.fulfilment.short_pick import ShortDesk, ShortPick, meaning
from comanda.orders.delivery_status import work_of
from comanda.orders.edits.desk import buyer_of
from comanda.orders.foresee import Foreseen
from comanda.orders.model import Line, Order
from comanda.orders.wire import money
from comanda.screens.house.asked import Asked
from comanda.screens.orders.timeline import MAILS

WORDS = {  # what the customer hears, by the mail that would be sent
    "order_edited": N_("By mail: what came off, what the order comes to now, and what goes back."),
    "promise_changed": N_("By mail: the day for which the units that wait are promised."),
    "order_cancelled": N_("By mail: the order is cancelled."),
}
SEEN = N_("No mail: that it waits stands on the order's page, without a day yet.")
SILENT = N_("Nothing: the order comes as it was promised.")
NO_MAIL = N_("No mail: there is no e-mail address. It stands on the order's page.")


def shown_before(asked: Asked, wanted: ShortPick, seen: Foreseen, desk: ShortDesk) -> dict[str, Any]:
    """The preview as its template shows it; `meaning` goes along with the report."""
    before, result = seen.before.order, seen.result
    after = order_answer(seen.after, seen.before.personal, "")
    return {
        "result": result,
        "meaning": meaning(result),
        "asked": wanted.policy or desk.rules().policy,
        "reason": wanted.reason,
        "taken": [_taken(before, one) for one in result["lines"]],
        "moved": _named(before, result["moved"]),
        "waiting": _named(before, result["waiting"]),
        "replaced": [_replaced(before, seen.after, one, desk) for one in result["replaced"]],
        "after": after,
        "back": next((one for one in after["refunds"] if _is(one, result["refund"])), None),
        "told": [asked.tongue.say(word) for word in _told(seen)],
    }


def _taken(order: Order, told: dict[str, Any]) -> dict[str, Any]:
    """Units, and the delivery order and place that they would have left from."""
    line = _line(order, told["line_id"])
    work = next(one for one in work_of(order) if one.delivery.number == told["delivery"])
    return told | {
        "name": line.name,
        "sku": line.sku,
        "location": work.delivery.location,
        "number": work.name,
    }


def _named(order: Order, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one | {"name": _line(order, one["line_id"]).name} for one in told]


def _replaced(before: Order, after: Order, told: dict[str, Any], desk: ShortDesk) -> dict[str, Any]:
    """What stands for what, with both prices and the one that is charged, the lower."""
    was, new = _line(before, told["of"]), _line(after, told["line_id"])
    shelf = desk.on_sale([new.sku], buyer_of(before))
    product = shelf.products[new.sku]
    today = shelf.tariff.unit_price(product.sku, product.price, new.quantity)
    prices = {"was": was.unit_price, "today": today, "charged": new.unit_price}
    return {
        "quantity": new.quantity,
        "name": new.name,
        "sku": new.sku,
        "was_name": was.name,
        **{name: money(amount, before.currency) for name, amount in prices.items()},
    }


def _is(refund: dict[str, Any], told: dict[str, Any] | None) -> bool:
    return told is not None and refund["refund_id"] == told["refund_id"]


def _told(seen: Foreseen) -> list[str]:
    """What the customer hears of it."""
    if seen.after.without_mail:
        return [NO_MAIL]
    if seen.result["cancelled"]:  # told once open attempts to pay are stopped
        return [WORDS["order_cancelled"]]
    events = [str(one.data["event"]) for one in seen.effects if one.kind == "mail"]
    words = [WORDS.get(event) or MAILS[event] for event in events if event in WORDS or event in MAILS]
    return words or [SEEN if seen.result["waiting"] else SILENT]


def _line(order: Order, line_id: str) -> Line:
    return next(line for line in order.lines if line.line_id == line_id)
