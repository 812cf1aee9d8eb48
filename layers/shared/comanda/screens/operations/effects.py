"""Outside effects that wait for a person: tried again with their order, or counted as settled elsewhere."""

from typing import Any

from comanda.backoffice.operations.unresolved import Unresolved
from comanda.conversation.speech import N_
from comanda.orders.hold import retrying
from comanda.payments.settle_elsewhere import settling_elsewhere
from comanda.screens.house.answers import Answer, Goto, Screen
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.house.routing import House
from comanda.screens.operations.desk import OperationsDesk
from comanda.screens.operations.rooms import rooms

PAGE = "/operations/effects"
KINDS = {
    "mail": N_("Mail"),
    "payment.refund": N_("Refund"),
    "payment.capture": N_("Capture"),
    "payment.void": N_("Void of a payment"),
    "payment.close": N_("End of a payment page"),
    "payment.start": N_("Start of a payment"),
    "label.buy": N_("Purchase of a shipping label"),
    "label.void": N_("Return of a shipping label"),
}
STATES = {"failed": (N_("failed"), "red"), "unknown": (N_("nobody knows"), "amber")}
SETTLING = {
    "mail": N_("The mail counts as told; it is not sent."),
    "payment.refund": N_("The refund counts as given back, and the customer is told so."),
    "payment.capture": N_("Nothing is captured. What came in otherwise is noted with “Mark as paid”."),
    "payment.void": N_("The payment counts as void: no money is expected from it any more."),
    "payment.close": N_("The page stays open; a second payment on it would be held for you."),
    "payment.start": N_("The payment does not begin; the customer can choose another way to pay."),
    "label.buy": N_("The label counts as not bought; another one can be."),
    "label.void": N_("The label counts as given back."),
}


def hang_effects(house: House, desk: OperationsDesk) -> None:
    @house.get(PAGE, "operations.read")
    def listed(asked: Asked) -> Answer:
        cursor = asked.word("cursor")
        found, after = desk.unsettled().listed(cursor=cursor)
        values = {
            "rooms": rooms(asked),
            "rows": [_row(asked, one) for one in found],
            "first": asked.address(cursor=None) if cursor else "",
            "next": asked.address(cursor=after) if after else "",
        }
        return Screen("operations/effects.html.j2", values)

    @house.post(f"{PAGE}/<order_id>/<effect_id>/retry", "orders.write")
    def retry(asked: Asked, order_id: str, effect_id: str) -> Answer:
        request = asked.once(f"retry-{order_id}")
        desk.office().command(order_id, retrying, asked.origin, version=asked.version, request=request)
        return Goto(BASE + PAGE, asked.tongue.say("All that failed of this order is tried again."))

    @house.post(f"{PAGE}/<order_id>/<effect_id>/settle", "orders.write")
    def settle(asked: Asked, order_id: str, effect_id: str) -> Answer:
        office, origin = desk.office(), asked.origin
        reason = asked.field("reason")
        decide = settling_elsewhere(effect_id, reason, origin.at, desk.outbox(), office.new_id)
        request = asked.once(f"settle-{order_id}-{effect_id}")
        office.command(order_id, decide, origin, version=asked.version, request=request)
        return Goto(BASE + PAGE, asked.tongue.say("It counts as settled elsewhere."))


def _row(asked: Asked, one: Unresolved) -> dict[str, Any]:
    told, say = one.to_dict(), asked.tongue.say
    word, kind = STATES[one.effect.state]
    name = KINDS.get(one.effect.kind)
    return told | {
        "title": say(name) if name else one.effect.kind,
        "word": say(word),
        "badge": kind,
        "settling": say(SETTLING.get(one.effect.kind, "")) if one.effect.kind in SETTLING else "",
        "to": f"{BASE}{PAGE}/{one.order_id}/{one.effect.effect_id}",
    }
