"""Shipping labels on an order's page: what became of each, printing it, giving it back, shipping with it."""

from typing import Any

from comanda.backoffice.bodies_labels import ShipLabelBody, VoidLabelBody
from comanda.conversation.speech import N_
from comanda.fulfilment.carriers.names import carrier_code
from comanda.fulfilment.labels.files import CONTENT_TYPES
from comanda.fulfilment.labels.ship import shipping_label
from comanda.fulfilment.labels.want import giving_back
from comanda.orders.decision import Loaded
from comanda.orders.shipping_labels import buy_effect, void_effect
from comanda.payments.settle_elsewhere import UNSETTLED, settling_elsewhere
from comanda.screens.house.answers import Answer, File, Goto
from comanda.screens.house.asked import Asked
from comanda.screens.house.routing import House
from comanda.screens.orders import words
from comanda.screens.orders.desk import OrderDesk
from comanda.screens.orders.page import address_of
from comanda.screens.orders.run import run

WHY = {
    "refused": N_("The carrier refused it."),
    "no-address": N_("The order has no address."),
    "no-sender": N_("Nobody is set up as the sender for this place."),
    "settled-elsewhere": N_("Staff settled it elsewhere; it counts as not bought."),
    "void-refused": N_("The carrier does not take it back: it is paid for and was not used."),
    "ended": N_("The order has ended."),
    "edited": N_("Its units were taken out of the order."),
    "address": N_("The address has changed: another label was wanted in its place."),
    "not-enough-to-ship": N_("Its units were not there when it was bought."),
}
STATES = {
    "wanted": (N_("being bought"), "blue"),
    "bought": (N_("not used yet"), "amber"),
    "used": (N_("used"), "green"),
    "kept": (N_("not taken back"), "red"),
    "giving_back": (N_("being given back"), "blue"),
    "voided": (N_("given back"), "neutral"),
    "failed": (N_("not bought"), "red"),
    "unknown": (N_("nobody knows"), "amber"),
}


def hang_shipping_labels(house: House, desk: OrderDesk) -> None:
    base = "/orders/<order_id>/labels/<label_id>"

    @house.get(f"{base}/file", "orders.write")
    def file(asked: Asked, order_id: str, label_id: str) -> Answer:
        name, found = desk.labels().file(order_id, label_id)
        return File(name, found.content, CONTENT_TYPES[found.format], shown=found.format != "zpl")

    @house.post(f"{base}/void", "orders.write")
    def void(asked: Asked, order_id: str, label_id: str) -> Answer:
        body = VoidLabelBody(label_id=label_id)
        run(desk.office(), asked, "void-label", order_id, giving_back(label_id), body.model_dump(mode="json"))
        return Goto(address_of(order_id), asked.tongue.say("The label is being given back to its carrier."))

    @house.post(f"{base}/ship", "orders.write")
    def ship(asked: Asked, order_id: str, label_id: str) -> Answer:
        body, office = ShipLabelBody(label_id=label_id), desk.office()
        decide = shipping_label(label_id, office.new_id(), asked.origin.at)
        done = run(office, asked, "ship-label", order_id, decide, body.model_dump(mode="json"))
        parcel = next((one for one in done.order.shipments if one.label_id == label_id), None)
        if parcel:
            office.scanning.catch_up(order_id, parcel.tracking_number, asked.origin.at)
        return Goto(
            address_of(order_id),
            asked.tongue.say("A parcel of %(number)s has left.", number=done.order.number),
        )

    @house.post(f"{base}/settle", "orders.write")
    def settle(asked: Asked, order_id: str, label_id: str) -> Answer:
        office, reason = desk.office(), asked.field("reason")
        effect = next(iter(_doubts(office.desk.load(order_id), label_id)), f"label-{label_id}")
        decide = settling_elsewhere(effect, reason, asked.origin.at, desk.outbox(), office.new_id)
        run(office, asked, f"settle-{effect}", order_id, decide, {"reason": reason})
        return Goto(address_of(order_id), asked.tongue.say("It counts as settled elsewhere."))


def service_name(carrier: str, written: str) -> str:
    """A service as it stands beside its carrier's name: `Ground` for `FedEx Fedex Ground` and
    `FEDEX_GROUND`."""
    said = written.replace("_", " ").split()
    while len(said) > 1 and carrier_code(said[0]) == carrier:
        said = said[1:]
    loud = [word.isupper() and len(word) > 3 and carrier_code(word) != carrier for word in said]
    return " ".join(word.title() if one else word for word, one in zip(said, loud, strict=True))


def labels_shown(asked: Asked, loaded: Loaded, answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The labels of an order, newest first, each with its state, what explains it, and what can be done."""
    found = []
    for one in reversed(answers):
        doubt = bool(_doubts(loaded, one["label_id"]))
        state = _state(one, doubt)
        word, kind = STATES[state]
        found.append(
            one
            | {
                "shown": state,
                "called": service_name(one["carrier"], one["service"]),
                "word": asked.tongue.say(word),
                "kind": kind,
                "why": _why(asked, one),
                "doubt": doubt,
                "buying": one["file"] is None,
                "open": one["state"] in ("wanted", "bought") and not one["shipment_id"],
                "leaves": one["state"] == "bought" and not one["shipment_id"],
            }
        )
    return found


def _state(one: dict[str, Any], doubt: bool) -> str:
    if one["state"] == "bought" and one["shipment_id"]:
        return "used"
    if one["reason"] == "void-refused":
        return "kept"
    return "unknown" if doubt else str(one["state"])


def _why(asked: Asked, one: dict[str, Any]) -> str:
    reason = one["reason"] or ""
    if not reason or reason == "staff" or one["shipment_id"]:
        return ""
    return words.say(asked.tongue, WHY | words.GUARD, reason)


def _doubts(loaded: Loaded, label_id: str) -> list[str]:
    """What was asked of the carrier for this label that failed there, or of which nobody knows."""
    label = next((one for one in loaded.order.shipping_labels if one.label_id == label_id), None)
    names = {make(label).effect_id for make in (buy_effect, void_effect)} if label else set()
    return [one.effect_id for one in loaded.effects if one.effect_id in names and one.state in UNSETTLED]
