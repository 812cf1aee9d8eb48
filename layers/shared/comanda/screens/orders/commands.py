"""All commands that an order's page has a form for; those about its course are here."""

from typing import Any

from comanda.backoffice import bodies, deciding
from comanda.conversation.speech import N_
from comanda.fulfilment.address_check import accepting_address
from comanda.orders.approve import approving
from comanda.orders.hold import releasing_hold, retrying
from comanda.orders.resend import resending
from comanda.orders.verify import vouching
from comanda.screens.house.asked import Asked
from comanda.screens.orders.command import Command, texts
from comanda.screens.orders.commands_goods import GOODS
from comanda.screens.orders.commands_money import MONEY
from comanda.screens.orders.reading import ticked


def _cancel(asked: Asked) -> dict[str, Any]:
    ticks = {name: ticked(asked, name) for name in ("restock", "refund")}
    return texts("reason", "note")(asked) | ticks


def _tags(asked: Asked) -> dict[str, Any]:
    """The tags as they are to be, against those that the form was made from."""
    wanted = [tag for tag in asked.field("tags").replace(",", " ").replace("#", " ").split() if tag]
    had = asked.field("had").split()
    return {"add": wanted, "remove": [tag for tag in had if tag not in wanted]}


def _nothing(asked: Asked) -> dict[str, Any]:
    return {}


COURSE: dict[str, Command] = {
    "approve": Command(
        bodies.NothingBody, _nothing, lambda b, by, s: approving, N_("%(number)s is approved.")
    ),
    "verify": Command(
        bodies.NothingBody, _nothing, lambda b, by, s: vouching, N_("The customer of %(number)s is verified.")
    ),
    "retry": Command(
        bodies.NothingBody,
        _nothing,
        lambda b, by, s: retrying,
        N_("What failed of %(number)s is tried again."),
    ),
    "reject": Command(
        bodies.RejectBody,
        texts("reason"),
        lambda b, by, s: deciding.reject(b, by),
        N_("%(number)s is rejected."),
    ),
    "cancel": Command(
        bodies.CancelBody, _cancel, lambda b, by, s: deciding.cancel(b, by), N_("%(number)s is cancelled.")
    ),
    "resend-mail": Command(
        bodies.ResendMailBody,
        texts("mail"),
        lambda b, by, s: resending(b.mail),
        N_("The mail of %(number)s is sent once more."),
    ),
    "hold": Command(
        bodies.HoldBody,
        texts("reason", "note"),
        lambda b, by, s: deciding.hold(b, by),
        N_("%(number)s is on hold."),
    ),
    "release-hold": Command(
        bodies.ReleaseHoldBody,
        texts("hold_id"),
        lambda b, by, s: releasing_hold(b.hold_id),
        N_("A hold of %(number)s is released."),
    ),
    "address-fine": Command(
        bodies.NothingBody,
        _nothing,
        lambda b, by, s: accepting_address,
        N_("The address of %(number)s is right."),
    ),
    "label": Command(
        bodies.LabelBody,
        texts("label"),
        lambda b, by, s: deciding.label(b, by),
        N_("%(number)s carries another label."),
    ),
    "tag": Command(
        bodies.TagBody, _tags, lambda b, by, s: deciding.tag(b, by), N_("The tags of %(number)s are set.")
    ),
    "assign": Command(
        bodies.AssignBody,
        lambda asked: {"to": asked.field("to") or None},
        lambda b, by, s: deciding.assign(b, by),
        N_("%(number)s is assigned."),
    ),
}

COMMANDS = COURSE | MONEY | GOODS
