"""What a visitor's browser keeps for us: cart, discount code, language, and the orders placed from it."""

import re
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

MOST_ORDERS = 12
YEAR = 365 * 86_400
# The address of this shop differs from the API's by its port only, and cookies know no ports.
CART, CODE, LANGUAGE, ORDERS = "shop_cart", "shop_code", "shop_language", "shop_orders"
CUSTOMER = "customer"  # set by the API's own page once an address is confirmed
ORDER = re.compile(r"([0-9A-Za-z_-]{1,80}):([0-9A-Za-z_.~-]{1,200})")


@dataclass(frozen=True)
class Kept:
    """Read from a request's cookies; `orders` are access tokens by order, newest first."""

    cart: str
    code: str
    language: str
    customer: str
    orders: dict[str, str]


def read(header: str) -> Kept:
    """Whatever cannot be read counts as not there: cookies come from outside."""
    jar: SimpleCookie = SimpleCookie()
    for part in header.split(";"):
        try:
            jar.load(part)
        except CookieError:
            continue
    found = {name: morsel.value for name, morsel in jar.items()}
    orders = {match[1]: match[2] for match in ORDER.finditer(found.get(ORDERS, ""))}
    names = (CART, CODE, LANGUAGE, CUSTOMER)
    cart, code, language, customer = (found.get(name, "") for name in names)
    return Kept(cart, code, language, customer, orders)


def keep(name: str, value: str) -> str:
    """A Set-Cookie header; out of reach of scripts and of other sites' forms. Empty forgets it."""
    cookie: SimpleCookie = SimpleCookie()
    cookie[name] = value
    kept = {"path": "/", "max-age": str(YEAR if value else 0), "samesite": "Lax", "httponly": "yes"}
    cookie[name].update(kept)
    return cookie[name].OutputString()


def with_order(kept: Kept, order_id: str, token: str) -> str:
    """The Set-Cookie header that adds an order, the oldest of too many falling out."""
    others = [pair for pair in kept.orders.items() if pair[0] != order_id]
    pairs = [(order_id, token), *others][:MOST_ORDERS]
    return keep(ORDERS, "|".join(f"{name}:{secret}" for name, secret in pairs))
