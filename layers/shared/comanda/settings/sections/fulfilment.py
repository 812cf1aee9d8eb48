"""How goods get out of the house."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from comanda.settings.sections.section import Seconds, Section

Sku = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class Substitute(Section):
    """What may take the place of an article: `instead` of `sku`."""

    sku: Sku
    instead: Sku


class ShortPick(Section):
    """What becomes of units that are not found on their shelf, unless staff say otherwise: the order waits
    for others, does without them and the money goes back, or has a substitute. `substitutes` names what may
    stand for what; where it names nothing, or that is not in stock in full, the order goes by `fallback`."""

    policy: Literal["backorder", "refund", "substitute"] = "backorder"
    fallback: Literal["backorder", "refund"] = "backorder"
    substitutes: Annotated[tuple[Substitute, ...], Field(max_length=500)] = ()

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if any(one.sku == one.instead for one in self.substitutes):
            raise ValueError("an article cannot take its own place")
        if len({one.sku for one in self.substitutes}) < len(self.substitutes):
            raise ValueError("an article has one substitute")
        return self


class Fulfilment(Section):
    """`steps` an order takes from the shelf to the carrier, as of its placing: shipped at once, picked
    first, or picked and packed first. With `ready_mail` customers are told, as of the placing too, when what
    is sent to them is ready to leave. A picker's wave has at most `wave_deliveries` delivery orders, and is
    free for others when nothing was done in it for `wave_lease_seconds`."""

    steps: Literal["ship", "pick_ship", "pick_pack_ship"] = "ship"
    ready_mail: bool = False
    wave_deliveries: Annotated[int, Field(ge=1, le=40)] = 20
    wave_lease_seconds: Seconds = 1800
    short_pick: ShortPick = ShortPick()
