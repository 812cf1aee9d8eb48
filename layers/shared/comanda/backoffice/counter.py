"""The counter where customers fetch their orders: what waits there, whose code it is, and handing it over."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from comanda.backoffice.bodies_money import MarkPaidBody
from comanda.backoffice.bodies_pickup import HandOverBody, ReadyBody
from comanda.backoffice.deciding import By, mark_paid
from comanda.backoffice.listing.list_orders import page_of
from comanda.backoffice.listing.page import OrderList
from comanda.backoffice.listing.query import read_query
from comanda.errors import NotFound
from comanda.fulfilment.hand_over import handing_over
from comanda.fulfilment.ready import putting_aside
from comanda.orders.decision import Decision, Loaded
from comanda.orders.derive import amount_due
from comanda.orders.desk import Decide
from comanda.orders.pickup_codes import PickupCodes
from comanda.orders.pickups import at_counter
from comanda.orders.vocabulary import Fulfilment
from comanda.settings.sections import Shipping
from comanda.settings.store import SettingsStore

WAITING = (Fulfilment.READY_FOR_PICKUP, Fulfilment.PARTIALLY_DELIVERED)
TRIES, TRIES_OF_ORDER = 30, 5  # codes in a minute: of one of the staff, and for one order

type Count = Callable[[str, str, int, datetime], None]  # what, who, limit, now


@dataclass(frozen=True, slots=True)
class Counter:
    """`numbers` finds orders by their numbers, `count` refuses whoever tries too often (RateLimited)."""

    codes: PickupCodes
    settings: SettingsStore
    orders: OrderList
    numbers: Callable[[list[str]], dict[str, str]]
    count: Count
    now: Callable[[], datetime]

    def ready(self, body: ReadyBody, by: By) -> Decide:
        """See `putting_aside`; by the settings of now."""
        return putting_aside(body.aside(), by.origin.at, self._shipping, self.codes)

    def hand_over(self, order_id: str, body: HandOverBody, by: By) -> Decide:
        """See `handing_over`. With `paid` what is due is recorded as `mark-paid` would. Each code that is
        tried counts, right or wrong. Raises RateLimited."""
        if body.code:
            self._tried(by.origin.actor, order_id)
        handing = handing_over(body.taking(), by.origin.at, by.new_id, self.codes)
        paying = mark_paid(MarkPaidBody(notify=body.notify), by)

        def decide(loaded: Loaded) -> Decision:
            handed_over = handing(loaded)
            pays = body.paid and amount_due(loaded.order) > 0
            return handed_over + paying(loaded) if pays else handed_over

        return decide

    def find(self, typed: str, actor: str) -> str:
        """The id of the order that was given this code, or has this number. Raises NotFound, RateLimited."""
        self.count("pickup-code", actor, TRIES, self.now())
        found = self.codes.order_id(typed) or self.numbers([typed]).get(typed, "")
        if not found:
            raise NotFound("no order has this pickup code or number")
        return found

    def waiting(self, limit: int, cursor: str) -> tuple[list[Loaded], str | None]:
        """The orders of which something waits, the oldest first, and the cursor of the next page. Raises
        Invalid."""
        wanted = {"fulfilment": [str(one) for one in WAITING], "sort": ["created"], "limit": [str(limit)]}
        asked = wanted | ({"cursor": [cursor]} if cursor else {})
        found, after = page_of(read_query(asked, self.now(), UTC), self.orders)
        return [one for one in found if at_counter(one.order)], after

    def _shipping(self) -> Shipping:
        shipping: Shipping = self.settings.section("shipping")[0]
        return shipping

    def _tried(self, actor: str, order_id: str) -> None:
        now = self.now()
        self.count("pickup-code", actor, TRIES, now)
        self.count("pickup-order", order_id, TRIES_OF_ORDER, now)
