"""Changing an order: the form becomes actions, their preview is looked at, then carried out or offered."""

from typing import Any

from comanda.backoffice.bodies_edits import AskAcceptanceBody, ConfirmEditBody, DeclineEditBody, EditBody
from comanda.errors import Invalid, Stale
from comanda.orders.decision import Loaded
from comanda.orders.edits.ask_acceptance import asking_acceptance
from comanda.orders.edits.confirm_edit import confirming
from comanda.orders.edits.decline_edit import declining
from comanda.orders.edits.request_edit import requesting
from comanda.orders.edits.show_again import shown_again
from comanda.screens.house.answers import Answer, Goto
from comanda.screens.house.asked import Asked
from comanda.screens.house.routing import House
from comanda.screens.orders.desk import OrderDesk
from comanda.screens.orders.edit_form import NEW_ROWS, actions_of, beside_their_fields
from comanda.screens.orders.page import address_of
from comanda.screens.orders.reading import body_of, ticked
from comanda.screens.orders.run import run


def hang_edits(house: House, desk: OrderDesk) -> None:
    hang_request(house, desk)

    @house.post("/orders/<order_id>/edits/<edit_id>/confirm", "orders.write")
    def confirm(asked: Asked, order_id: str, edit_id: str) -> Answer:
        body = ConfirmEditBody(notify=ticked(asked, "notify"))
        decide = confirming(edit_id, asked.origin, desk.edits(), by="staff", notify=body.notify)
        run(desk.office(), asked, f"edit-{edit_id}-confirm", order_id, decide, body.model_dump(mode="json"))
        return Goto(address_of(order_id), asked.tongue.say("The order is changed."))

    @house.post("/orders/<order_id>/edits/<edit_id>/decline", "orders.write")
    def decline(asked: Asked, order_id: str, edit_id: str) -> Answer:
        body = body_of(DeclineEditBody, {"reason": asked.field("reason")})
        decide = declining(edit_id, body.reason, desk.edits(), by="staff")
        run(desk.office(), asked, f"edit-{edit_id}-decline", order_id, decide, body.model_dump(mode="json"))
        return Goto(address_of(order_id), asked.tongue.say("The change is dropped; the order is as it was."))

    @house.post("/orders/<order_id>/edits/<edit_id>/request-acceptance", "orders.write")
    def ask(asked: Asked, order_id: str, edit_id: str) -> Answer:
        body = body_of(AskAcceptanceBody, {"message": asked.field("message")})
        decide = asking_acceptance(edit_id, body.message, asked.origin, desk.edits())
        run(desk.office(), asked, f"edit-{edit_id}-ask", order_id, decide, body.model_dump(mode="json"))
        return Goto(address_of(order_id), asked.tongue.say("The customer is asked to accept the change."))


def hang_request(house: House, desk: OrderDesk) -> None:
    @house.post("/orders/<order_id>/edit", "orders.write")
    def request(asked: Asked, order_id: str) -> Answer:
        """Work the change out and show what it means; nothing is changed by it."""
        office = desk.office()
        form = actions_of(asked, office.desk.load(order_id))
        try:
            body = body_of(EditBody, _sent(asked, form.actions))
            decide = requesting(body.asked(), body.reasons, asked.origin, desk.edits())
            run(office, asked, "edit", order_id, decide, body.model_dump(mode="json"))
        except Invalid as invalid:
            raise beside_their_fields(invalid, form.fields) from invalid
        return Goto(f"{address_of(order_id)}?do=edit")


def _sent(asked: Asked, actions: list[dict[str, Any]]) -> dict[str, Any]:
    if not actions:
        raise Invalid(asked.tongue.say("nothing is different from the order as it is"), errors=[])
    return {"actions": actions, "note": asked.field("note")}


def changing(asked: Asked, loaded: Loaded, desk: OrderDesk) -> dict[str, Any]:
    """What the form of a change shows: the preview of the open one, else what can be chosen."""
    if asked.word("do") != "edit":
        return {}
    typed = asked.given.action == f"{address_of(loaded.order.order_id)}/edit"
    try:
        preview = shown_again(loaded, desk.edits().reader)
    except Stale:
        preview = None
    open_edit = loaded.order.edit
    moves = bool(open_edit and open_edit.moves_customer)
    return {
        "moves": moves,
        "typed": typed,  # stays below a preview that a colleague has asked for meanwhile
        "preview": preview,
        "deliveries": _deliveries(loaded, desk, asked.tongue.code),
        "rows": NEW_ROWS,
    }


def _deliveries(loaded: Loaded, desk: OrderDesk, language: str) -> list[tuple[str, str]]:
    """The ways of delivery that the shop has, and the order's own."""
    found = desk.settings().section("shipping")[0].deliveries
    ways = [(one.code, getattr(one.title, language)) for one in found]
    own = loaded.order.delivery
    return ways if own in dict(ways) else [(own, own), *ways]
