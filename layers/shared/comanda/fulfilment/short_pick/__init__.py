"""Units of an order are not found on their shelf, or found broken: said, made good, and taken back."""

from comanda.fulfilment.short_pick.asked import ShortDesk as ShortDesk
from comanda.fulfilment.short_pick.asked import ShortPick as ShortPick
from comanda.fulfilment.short_pick.asked import ShortUnits as ShortUnits
from comanda.fulfilment.short_pick.decide import short_picking as short_picking
from comanda.fulfilment.short_pick.seen import as_seen as as_seen
from comanda.fulfilment.short_pick.seen import meaning as meaning
from comanda.fulfilment.short_pick.undo import Back as Back
from comanda.fulfilment.short_pick.undo import finding_after_all as finding_after_all
