"""The shop as a server: which page answers which address, and what is shown when one cannot.

Pages are made here and not in the browser: they work before any script has come, no token is ever within a
script's reach, and the API needs to trust no further origin. Only card numbers go from the browser to the
payment provider past us, as they must.
"""

import logging
from collections.abc import Callable
from pathlib import Path

import urllib3

from local.peers.web import Refused, Reply, Request, Router
from local.storefront import after, basket, browsing, ordering
from local.storefront.api import Down, Problem
from local.storefront.visit import HERE, Places, Visit

log = logging.getLogger(__name__)

type Page = Callable[[Visit], Reply]

TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
PAGES: tuple[tuple[str, str, Page], ...] = (
    ("GET", "/", browsing.products),
    ("GET", "/products/{sku}", browsing.product),
    ("POST", "/language", browsing.choose_language),
    ("GET", "/cart", basket.show),
    ("POST", "/cart", basket.change),
    ("POST", "/cart/code", basket.use_code),
    ("GET", "/checkout", ordering.form),
    ("GET", "/checkout/delivery", ordering.deliveries),
    ("POST", "/checkout", ordering.review),
    ("POST", "/orders", ordering.place),
    ("GET", "/orders", browsing.orders),
    ("GET", "/orders/{order}", after.show),
    ("POST", "/orders/{order}/payments", after.pay),
    ("POST", "/orders/{order}/mail", after.resend),
)


class Shop:
    """Answers requests; knows nothing of sockets."""

    def __init__(self, places: Places, pictures: Path) -> None:
        self._places = places
        self._pool = urllib3.PoolManager(maxsize=16)
        self._files = {f"/static/{file.name}": file for file in (HERE / "static").iterdir()}
        self._files |= {f"/images/{file.name}": file for file in pictures.iterdir()}
        self._router = Router()
        for method, path, page in PAGES:
            self._router.add(method, path, self._serving(page))

    def __call__(self, request: Request) -> Reply:
        if request.path in self._files and request.method == "GET":
            return _file(self._files[request.path])
        try:
            if request.method == "POST" and not _same_origin(request):
                raise Refused(403, "a form of another site")
            return self._router(request)
        except Refused as refused:
            return self._visit(request).bare("missing.html.j2", refused.status, shop=None, in_cart=0)

    def _visit(self, request: Request) -> Visit:
        return Visit(request, self._places, self._pool)

    def _serving(self, page: Page) -> Callable[[Request], Reply]:
        def serve(request: Request) -> Reply:
            visit = self._visit(request)
            try:
                return page(visit)
            except Down as down:
                log.warning("%s %s: %s", request.method, request.path, down)
                return _apologise(visit, 503, "down")
            except Problem as problem:
                log.warning("%s %s: %s", request.method, request.path, problem)
                if problem.status == 404:
                    return visit.bare("missing.html.j2", 404, shop=None, in_cart=0)
                return _apologise(visit, problem.status, "busy" if problem.status == 429 else "down")
            except Exception:
                log.exception("%s %s failed", request.method, request.path)
                return _apologise(visit, 500, "down")

        return serve


def _apologise(visit: Visit, status: int, why: str) -> Reply:
    """What was typed stays in the page: pressing the button sends it again, under the same key."""
    return visit.bare("trouble.html.j2", status, why=why, posted=visit.posted, shop=None, in_cart=0)


def _same_origin(request: Request) -> bool:
    """Whether a form was sent from our own pages; a caller that is no browser names no origin."""
    origin = request.headers.get("origin")
    return origin in (None, f"http://{request.headers.get('host')}")


def _file(path: Path) -> Reply:
    headers = {"Content-Type": TYPES[path.suffix], "Cache-Control": "no-cache"}
    return Reply(200, path.read_bytes(), headers | {"X-Content-Type-Options": "nosniff"})
