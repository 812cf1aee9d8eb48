"""Guards that look at an order's goods: set aside, picked, labelled, shipped, at the counter."""

from comanda.orders.guards.guard import Guard
from comanda.orders.pickups import at_counter, handed

SHIPPED = Guard(
    "something-shipped",
    "part of the order has been shipped: use a return",
    lambda o: any(line.shipped for line in o.lines),
)
ALL_SHIPPED = Guard(
    "all-shipped",
    "everything has been shipped: use a return",
    lambda o: all(line.to_ship <= 0 for line in o.lines),
)
NOTHING_LEFT = Guard(
    "nothing-left",
    "nothing of this order is on its way",
    lambda o: all(n.shipped <= n.delivered for n in o.lines),
)
NOTHING_WAITS = Guard(
    "nothing-waits",
    "nothing of this order waits for stock",
    lambda o: not any(line.backordered for line in o.lines),
)
NOTHING_PICKED = Guard(
    "nothing-picked", "nothing of this order is picked", lambda o: not any(n.picked for n in o.lines)
)
NOTHING_PACKED = Guard(
    "nothing-packed", "nothing of this order is packed", lambda o: not any(n.packed for n in o.lines)
)
NOTHING_TO_PUT_BACK = Guard(
    "nothing-to-put-back",
    "nothing was picked for this order that it does not need any more",
    lambda o: not o.put_back,
)
NO_LABEL = Guard(
    "no-label",
    "no shipping label of this order is bought or on its way",
    lambda o: not any(label.open for label in o.shipping_labels),
)
NOTHING_AT_COUNTER = Guard(
    "nothing-at-counter",
    "nothing of this order waits at the counter for its customer",
    lambda o: not at_counter(o),
)
NOTHING_HANDED_OVER = Guard(
    "nothing-handed-over", "nothing of this order was handed over at the counter", lambda o: not handed(o)
)
GOODS_ON_IT = Guard(
    "goods-on-it",
    "units are set aside for the order",
    lambda o: any(line.reserved or line.allocated for line in o.lines),
)
