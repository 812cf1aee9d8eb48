"""Runs an order's command for a form: version seen, the form's key, who asks."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from comanda.backoffice.bodies_ship import ShipBody
from comanda.backoffice.deciding import By
from comanda.backoffice.office import Office
from comanda.backoffice.run_command import Commanded
from comanda.conversation.speech import N_
from comanda.idempotency.store import Request
from comanda.orders.desk import Decide
from comanda.origin import UNDO_SECONDS
from comanda.screens.house.answers import Goto, Undo
from comanda.screens.house.asked import Asked
from comanda.screens.orders.command import Command
from comanda.screens.orders.commands import COMMANDS
from comanda.screens.orders.desk import OrderDesk
from comanda.screens.orders.page import address_of
from comanda.screens.orders.reading import body_of

# What tells somebody, or moves money at a provider: it waits while it can be taken back.
PATIENT = frozenset({"mark-paid", "clear-cheque", "ship", "cancel", "reject", "refund", "hand-over"})

type Offer = Callable[[str, Commanded], Undo | None]


def run(
    office: Office,
    asked: Asked,
    command: str,
    order_id: str,
    decide: Decide,
    body: dict[str, Any] | None = None,
    *,
    patience: int = 0,
) -> Commanded:
    """As the staff API's commands: same use case, same scope of keys. With `patience` the mails of what
    follows wait so many seconds. Raises what the command raises."""
    origin = replace(asked.origin, patience=patience)
    scope = f"{origin.actor}#{command}#{order_id}"
    request = Request.of(scope, asked.key, body or {}) if asked.key else None
    return office.command(order_id, decide, origin, version=asked.version, request=request)


def run_form(name: str, asked: Asked, order_id: str, desk: OrderDesk, undo: Offer) -> Goto:
    """What a form of COMMANDS asks for; `undo` says which way back there is. Raises Invalid, and what the
    command raises."""
    command, office = COMMANDS[name], desk.office()
    body = body_of(command.body, command.read(asked))
    decide = command.decide(body, By(asked.origin, office.new_id), desk.settings())
    patience = UNDO_SECONDS if name in PATIENT else 0
    sent = body.model_dump(mode="json")
    done = run(office, asked, command.scope or name, order_id, decide, sent, patience=patience)
    if isinstance(body, ShipBody):
        for number in body.tracking_numbers:
            office.scanning.catch_up(order_id, number, asked.origin.at)
    return Goto(
        address_of(order_id), _told(command, asked, done), undo(name, done) or _undo(name, asked, done)
    )


def _told(command: Command, asked: Asked, done: Commanded) -> str:
    parcels, number = len(done.result.get("shipment_ids", ())), done.order.number
    if parcels > 1:
        return asked.tongue.say("%(n)s parcels of %(number)s have left.", n=parcels, number=number)
    return asked.tongue.say(command.told, number=number)


def _undo(name: str, asked: Asked, done: Commanded) -> Undo | None:
    """The command that takes back what never leaves the house."""
    here, version = address_of(done.order.order_id), str(done.order.version)
    if name == "hold":
        fields = {"_version": version, "hold_id": str(done.result["hold_id"])}
        return Undo(asked.tongue.say("Undo: release it"), f"{here}/release-hold", fields)
    if name == "tag":
        fields = {"_version": version, "tags": asked.field("had"), "had": " ".join(done.order.tags)}
        return Undo(asked.tongue.say("Undo: the tags as before"), f"{here}/tag", fields)
    if name in ("pick", "pack"):
        return _put_back(name, asked, done)
    if name == "refund" and done.result.get("status") == "granted":
        where = f"{here}/refunds/{done.result['refund_id']}/withdraw"
        return Undo(asked.tongue.say("Undo: withdraw it"), where, {"_version": version})
    return None


def _put_back(name: str, asked: Asked, done: Commanded) -> Undo | None:
    """The very units; those of several delivery orders have their own buttons on the page."""
    lines = done.result.get("lines", [])
    numbers = {line["delivery"] for line in lines}
    if len(numbers) != 1:
        return None
    fields = {"_version": str(done.order.version), "delivery": str(numbers.pop())}
    for at, line in enumerate(lines):
        fields |= {f"lines.{at}.line_id": line["line_id"], f"lines.{at}.quantity": str(line["quantity"])}
    caption = N_("Undo: not picked") if name == "pick" else N_("Undo: not packed")
    return Undo(asked.tongue.say(caption), f"{address_of(done.order.order_id)}/undo-{name}", fields)
