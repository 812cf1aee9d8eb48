"""Who may see an order as its customer: whoever holds its access token."""

from collections.abc import Callable
from typing import Any

from comanda.errors import NotFound
from comanda.links.keys import Keys
from comanda.orders.decision import Loaded
from comanda.orders.desk import Desk
from comanda.runtime.requests import bearer, cookie, query

WAY_BACK = "access"


def cookie_name(order_id: str) -> str:
    return f"order_{order_id}"


def token_of_address(event: dict[str, Any]) -> str:
    """The access token in the address: of a link, or of who comes back from a provider's page.

    Those come under a name of their own: PayPal adds a `token` to the address, which is its order's.
    """
    return query(event, WAY_BACK) or query(event, "token")


def customers_order(event: dict[str, Any], order_id: str, *, desk: Desk, keys: Callable[[], Keys]) -> Loaded:
    """The order, for its access token in the header, the address or the cookie: what was sent on
    purpose comes before what a browser kept.

    Raises NotFound alike for a wrong token and for an order that is not there, so that neither can
    be told from the other.
    """
    sent = bearer(event, required=False) or token_of_address(event)
    token = sent or cookie(event, cookie_name(order_id))
    try:
        loaded = desk.load(order_id)
    except NotFound:
        loaded = None
    if not token or loaded is None or not keys().opens(token, order_id, loaded.order.token_version):
        raise NotFound("there is no such order, or the access token is not its own")
    return loaded
