"""One process in which guests order from the shop over its HTTP API; prints the CPU of an order as JSON.

    .tools/oscar/bin/python -m local.bench.peers.oscar.shopper <new SQLite file, or :memory:>

From basket to placed in three requests, which is how the API wants it: a product at a time into the
basket, then the checkout with the address. The application is called as a WSGI server calls it; what a
server and a customer do is not measured.
"""

import io
import json
import logging
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from wsgiref.util import setup_testing_defaults

from local.bench.peers.oscar.shop import Books, books, opened

WARM, ORDERS, COUNTED = 20, 60, 10
LINES = 2
HOST = "http://shop.example"
ADDRESS = {
    "first_name": "Ana",
    "last_name": "Muñoz Ibáñez",
    "line1": "Av. Álvaro Obregón 45, int. 3",
    "line4": "Cuauhtémoc",
    "state": "CDMX",
    "postcode": "06700",
    "phone_number": "+525512345678",
    "country": f"{HOST}/api/countries/MX/",
}


class Guest:
    """A customer with a session of their own; `seconds` is the CPU the shop spent on them."""

    def __init__(self, shop: Callable[..., Any], number: int) -> None:
        self.shop = shop
        self.email = f"ana-{number}@example.com"
        self.cookies: dict[str, str] = {}
        self.seconds = 0.0

    def order(self) -> dict[str, Any]:
        for product in range(1, LINES + 1):
            basket = self._post(
                "/api/basket/add-product/", {"url": f"{HOST}/api/products/{product}/", "quantity": 1}
            )
        return self._post(
            "/api/checkout/",
            {"basket": basket["url"], "guest_email": self.email, "shipping_address": ADDRESS},
        )

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """One request; raises when the shop refuses it."""
        environ, begun = self._environ(path, json.dumps(body).encode()), []
        begin = time.process_time()
        answer = self.shop(environ, lambda status, headers, _=None: begun.append((status, headers)))
        content = b"".join(answer)
        answer.close()
        self.seconds += time.process_time() - begin
        status, headers = begun[0]
        if not status.startswith("2"):
            raise RuntimeError(f"{path}: {status} {content[:500]!r}")
        cookies = (value.partition(";")[0] for name, value in headers if name == "Set-Cookie")
        self.cookies |= dict(cookie.split("=", 1) for cookie in cookies)
        found: dict[str, Any] = json.loads(content)
        return found

    def _environ(self, path: str, body: bytes) -> dict[str, Any]:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": path,
            "HTTP_HOST": HOST.removeprefix("http://"),
            "HTTP_ACCEPT": "application/json",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
        if self.cookies:
            environ["HTTP_COOKIE"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        setup_testing_defaults(environ)
        return environ


class Queries:
    """How often the database was asked, and the CPU spent on asking."""

    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0

    def __call__(self, execute: Callable[..., Any], *asked: Any) -> Any:
        begin = time.process_time()
        try:
            return execute(*asked)
        finally:
            self.seconds += time.process_time() - begin
            self.count += 1


def measure(database: str) -> dict[str, Any]:
    """Warm, then timed, then a few more whose queries are counted; at last the books are checked."""
    shop = opened(database)
    for number in range(WARM):
        Guest(shop, number).order()
    spent = 0.0
    for number in range(WARM, WARM + ORDERS):
        guest = Guest(shop, number)
        guest.order()
        spent += guest.seconds
    queries = _counted(shop, range(WARM + ORDERS, WARM + ORDERS + COUNTED))
    found = books()
    expect(found, WARM + ORDERS + COUNTED)
    return {
        "ms": spent / ORDERS * 1000,
        "versions": _versions(),
        "queries": queries.count / COUNTED,
        "ms_in_queries": queries.seconds / COUNTED * 1000,
        "books": asdict(found),
    }


def _counted(shop: Callable[..., Any], numbers: range) -> Queries:
    from django.db import connection

    queries = Queries()
    with connection.execute_wrapper(queries):
        for number in numbers:
            Guest(shop, number).order()
    return queries


def expect(found: Books, orders: int) -> None:
    """Raises unless every order is there with lines, address and guest, and its units are taken."""
    lines = orders * LINES
    if found != Books(orders=orders, lines=lines, units_allocated=lines, addresses=orders, guests=orders):
        raise RuntimeError(f"after {orders} orders of {LINES} lines the books say {found}")


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("django-oscar", "django-oscar-api", "django")}


def main() -> int:
    logging.disable(logging.CRITICAL)
    print("\n" + json.dumps(measure(sys.argv[1])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
