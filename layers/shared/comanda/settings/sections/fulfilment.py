"""How goods get out of the house."""

from typing import Annotated, Literal

from pydantic import Field

from comanda.settings.sections.section import Seconds, Section


class ShortPick(Section):
    """What becomes of units that are not found on their shelf, unless staff say otherwise: the order waits
    for others, or does without them and the money goes back."""

    policy: Literal["backorder", "refund"] = "backorder"


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
