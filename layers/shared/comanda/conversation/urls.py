"""The addresses that customers and the merchant find in mails and on pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from comanda.links.keys import Keys
from comanda.orders.model import Order

PATHS = {
    "quote": "/quotes/accept",
    "verify": "/verify-email",
    "approve": "/approve-order",
    "edit": "/accept-edit",
    "csv": "/orders/{order_id}/export.csv",
}


@dataclass(frozen=True, slots=True)
class Urls:
    """Addresses under the public one; tokens are made anew from the keys, none is stored."""

    public_url: str
    keys: Keys

    def order(self, order: Order) -> str:
        """The customer's page of the order."""
        token = self.keys.access(order.order_id, order.token_version)
        return self._with_token(f"/orders/{order.order_id}", token)

    def office(self, order: Order) -> str:
        """The staff's page of the order, behind their sign-in."""
        return f"{self.public_url}/back-office/orders/{order.order_id}"

    def mailed(self, purpose: str, order_id: str, mark: Mapping[str, str] | None) -> str:
        """A mailed link from its mark in the effect; empty without one, or when its key is gone."""
        if not mark:
            return ""
        token = self.keys.link_with_hash(purpose, order_id, mark["serial"], mark["hash"])
        return self._with_token(PATHS[purpose].format(order_id=order_id), token) if token else ""

    def _with_token(self, path: str, token: str) -> str:
        return f"{self.public_url}{path}?{urlencode({'token': token})}"


def web_address(url: str) -> str:
    """The address if a browser may be sent there, else nothing: settings and carriers are outsiders."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme in ("http", "https") and parts.netloc else ""
