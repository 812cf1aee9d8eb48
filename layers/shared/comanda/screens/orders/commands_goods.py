"""The forms about an order's goods: taking, packing, sending, promising them."""

from typing import Any

from comanda.backoffice import bodies, deciding
from comanda.conversation.speech import N_
from comanda.errors import Invalid
from comanda.fulfilment.pick import stepping
from comanda.fulfilment.put_back import confirming_put_back
from comanda.screens.house.asked import Asked
from comanda.screens.orders.command import Command, texts
from comanda.screens.orders.reading import ticked, units


def _ship(asked: Asked) -> dict[str, Any]:
    lines = units(asked)
    if not lines:
        raise Invalid.at("/lines", asked.tongue.say("say how many units leave"))
    optional = {name: asked.field(name) or None for name in ("expected_at", "tracking_url")}
    named = texts("carrier", "tracking_number")(asked)
    return {"lines": lines, "notify": ticked(asked, "notify"), **named, **optional}


def _step(asked: Asked) -> dict[str, Any]:
    """Units by line, or with `all` everything that there is."""
    lines = units(asked)
    if not lines and not asked.field("all"):
        raise Invalid.at("/lines", asked.tongue.say("say how many units"))
    return {"lines": lines or None, "delivery": asked.field("delivery") or None}


def _promise(asked: Asked) -> dict[str, Any]:
    """The ticked lines; with none ticked the form says so."""
    lines = [{"line_id": line_id} for line_id in asked.fields("line_id")]
    if not lines:
        raise Invalid.at("/lines", asked.tongue.say("say what is to come on another day"))
    told = {"promised_at": asked.field("promised_at") or None, "notify": ticked(asked, "notify")}
    return told | {"lines": lines}


GOODS: dict[str, Command] = {
    "pick": Command(
        bodies.StepBody,
        _step,
        lambda b, by, s: stepping("pick", b.handful()),
        N_("Units of %(number)s are picked."),
    ),
    "undo-pick": Command(
        bodies.StepBody,
        _step,
        lambda b, by, s: stepping("undo-pick", b.handful()),
        N_("Units of %(number)s are back on the shelf."),
    ),
    "pack": Command(
        bodies.StepBody,
        _step,
        lambda b, by, s: stepping("pack", b.handful()),
        N_("Units of %(number)s are packed."),
    ),
    "undo-pack": Command(
        bodies.StepBody,
        _step,
        lambda b, by, s: stepping("undo-pack", b.handful()),
        N_("Units of %(number)s are unpacked."),
    ),
    "put-back": Command(
        bodies.StepBody,
        _step,
        lambda b, by, s: confirming_put_back(b.handful()),
        N_("What was picked of %(number)s is back on the shelf."),
    ),
    "ship": Command(
        bodies.ShipBody, _ship, lambda b, by, s: deciding.ship(b, by), N_("A parcel of %(number)s has left.")
    ),
    "promise": Command(
        bodies.PromiseBody, _promise, deciding.promise, N_("What %(number)s waits for has a new date.")
    ),
}
