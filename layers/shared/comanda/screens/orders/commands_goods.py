"""The forms about an order's goods: taking, packing, sending, promising them."""

from typing import Any

from comanda.backoffice import bodies, bodies_ship, deciding
from comanda.conversation.speech import N_
from comanda.errors import Invalid
from comanda.fulfilment.consign import MOST_PARCELS
from comanda.fulfilment.pick import stepping
from comanda.fulfilment.put_back import confirming_put_back
from comanda.screens.house.asked import Asked
from comanda.screens.orders.command import Command, texts
from comanda.screens.orders.reading import ticked, units, whole


def _ship(asked: Asked) -> dict[str, Any]:
    """One parcel, or those of the fields `parcels.<n>.…`."""
    if "parcels.0.tracking_number" in asked.form:
        parcels = [_parcel(asked, f"parcels.{n}.") for n in range(_parcels(asked))]
        return {"carrier": asked.field("carrier"), "notify": ticked(asked, "notify"), "parcels": parcels}
    lines = units(asked)
    if not lines:
        raise Invalid.at("/lines", asked.tongue.say("say how many units leave"))
    optional = {name: asked.field(name) or None for name in ("expected_at", "tracking_url")}
    named = texts("carrier", "tracking_number")(asked)
    return {"lines": lines, "notify": ticked(asked, "notify"), **named, **optional}


def _parcels(asked: Asked) -> int:
    """How many there are in the form, without empty ones at its end."""
    most = next(n for n in range(MOST_PARCELS + 1) if f"parcels.{n}.tracking_number" not in asked.form)
    filled = (n for n in range(most, 1, -1) if _typed(asked, f"parcels.{n - 1}."))
    return next(filled, 1)


def _typed(asked: Asked, of: str) -> bool:
    return bool(asked.field(f"{of}tracking_number") or units(asked, of))


def _parcel(asked: Asked, of: str) -> dict[str, Any]:
    measured = {
        name: whole(asked, asked.field(of + name), f"/{of.replace('.', '/')}{name}")
        for name in ("weight_grams", "length_mm", "width_mm", "height_mm")
        if asked.field(of + name)
    }
    return {
        "lines": units(asked, of) or None,
        "tracking_number": asked.field(f"{of}tracking_number"),
        "box": asked.field(f"{of}box") or None,
        **measured,
    }


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
        bodies_ship.ShipBody,
        _ship,
        deciding.ship,
        N_("A parcel of %(number)s has left."),
    ),
    "promise": Command(
        bodies.PromiseBody, _promise, deciding.promise, N_("What %(number)s waits for has a new date.")
    ),
}
