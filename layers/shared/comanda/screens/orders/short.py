"""Units that are not found on their shelf: said in a form, and taken back."""

from typing import Any

from comanda.backoffice import bodies
from comanda.conversation.speech import N_
from comanda.errors import Invalid
from comanda.fulfilment.short_pick import as_seen, finding_after_all, short_picking
from comanda.orders.desk import Decide
from comanda.orders.foresee import Foresight
from comanda.orders.model import Order
from comanda.origin import UNDO_SECONDS
from comanda.screens.house.answers import Answer, Goto, Undo
from comanda.screens.house.asked import Asked
from comanda.screens.house.routing import House
from comanda.screens.orders.desk import OrderDesk
from comanda.screens.orders.page import address_of
from comanda.screens.orders.reading import body_of, units
from comanda.screens.orders.run import run
from comanda.screens.orders.short_preview import shown_before

MOVED = N_("From elsewhere: %(n)s.")
WAITING = N_("Waiting for stock: %(n)s.")
REPLACED = N_("Replaced by another article: %(n)s.")
RECOUNT = N_("The books still say that more of it is free there: count the shelf.")


def hang_short_picks(house: House, desk: OrderDesk) -> None:
    @house.post("/orders/<order_id>/short-pick", "orders.write")
    def short_pick(asked: Asked, order_id: str) -> Answer:
        body = body_of(bodies.ShortPickBody, _read(asked))
        seen = as_seen(_deciding(asked, desk, body), asked.field("seen"))
        sent = body.model_dump(mode="json")
        done = run(desk.office(), asked, "short-pick", order_id, seen, sent, patience=UNDO_SECONDS)
        return Goto(address_of(order_id), _told(asked, done.result), _undo(asked, done.order, done.result))

    @house.post("/orders/<order_id>/undo-short-pick", "orders.write")
    def undo_short_pick(asked: Asked, order_id: str) -> Answer:
        body = body_of(bodies.UndoShortPickBody, {"short_id": asked.field("short_id")})
        back = desk.undoing().short_picks()
        decide = finding_after_all(body.short_id, back, desk.short(), asked.origin)
        run(desk.office(), asked, "undo-short-pick", order_id, decide, body.model_dump(mode="json"))
        return Goto(address_of(order_id), asked.tongue.say("Found after all: they are the order's again."))


def foreseen(asked: Asked, order_id: str, desk: OrderDesk) -> dict[str, Any]:
    """What the page of the order shows of a report that is looked at before it is made. Raises what the
    report would be refused with."""
    body = body_of(bodies.ShortPickBody, _read(asked))
    decide = _deciding(asked, desk, body)
    seen = Foresight(desk.office().desk).look(order_id, decide, asked.origin, if_version=asked.version)
    return shown_before(asked, body.short_pick(), seen, desk.short()) if seen else {}


def _deciding(asked: Asked, desk: OrderDesk, body: bodies.ShortPickBody) -> Decide:
    return short_picking(body.short_pick(), desk.short(), asked.origin, may_choose=True)


def _read(asked: Asked) -> dict[str, Any]:
    lines = units(asked)
    if not lines:
        raise Invalid.at("/lines", asked.tongue.say("say how many units"))
    chosen: dict[str, Any] = {name: asked.field(name) or None for name in ("policy", "delivery")}
    if asked.field("substitute.sku"):
        chosen["substitute"] = {"sku": asked.field("substitute.sku")}
    return {"lines": lines, "reason": asked.field("reason"), "note": asked.field("note"), **chosen}


def _told(asked: Asked, result: dict[str, Any]) -> str:
    """What has become of them, and what to look after."""
    tongue = asked.tongue
    told = [tongue.say("Taken off the books.")]
    for caption, name in ((MOVED, "moved"), (WAITING, "waiting"), (REPLACED, "replaced")):
        count = sum(one["quantity"] for one in result.get(name, ()))
        told += [tongue.say(caption, n=tongue.number(count))] if count else []
    if result.get("cancelled"):
        told.append(tongue.say("Nothing is left of the order: it is cancelled."))
    if result.get("refund"):
        told.append(
            tongue.say(
                "Goes back to the customer: %(amount)s.", amount=tongue.money(result["refund"]["amount"])
            )
        )
    return " ".join(told + ([tongue.say(RECOUNT)] if result.get("recount") else []))


def _undo(asked: Asked, order: Order, result: dict[str, Any]) -> Undo | None:
    if result.get("cancelled"):
        return None
    fields = {"_version": str(order.version), "short_id": str(result["short_id"])}
    return Undo(
        asked.tongue.say("Undo: found after all"), f"{address_of(order.order_id)}/undo-short-pick", fields
    )
