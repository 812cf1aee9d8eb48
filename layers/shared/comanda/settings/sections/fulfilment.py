"""How goods get out of the house."""

from typing import Literal

from comanda.settings.sections.section import Section


class Fulfilment(Section):
    """`steps` an order takes from the shelf to the carrier, as of its placing: shipped at once, picked
    first, or picked and packed first."""

    steps: Literal["ship", "pick_ship", "pick_pack_ship"] = "ship"
