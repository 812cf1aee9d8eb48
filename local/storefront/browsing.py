"""Pages to choose from: the list with its search, one product, the orders placed from this browser."""

import unicodedata

from local.peers.web import Reply
from local.storefront import kept
from local.storefront.api import Json
from local.storefront.speech import LANGUAGES
from local.storefront.visit import Visit

FEW = 5  # from how many on the number left is told as a warning


def products(visit: Visit) -> Reply:
    """All products, or those whose name or number has every word that is looked for."""
    asked = visit.query.get("q", "").strip()
    items = visit.api.products()
    found = [item for item in items if _matches(item, asked)]
    return visit.page("products.html.j2", items=found, asked=asked, few=FEW)


def product(visit: Visit) -> Reply:
    """One product with its steps of price."""
    sku = visit.request.path_values["sku"]
    item = next((one for one in visit.api.products() if one["sku"] == sku), None)
    if item is None:
        return visit.page("missing.html.j2", 404)
    return visit.page("product.html.j2", item=item, few=FEW)


def orders(visit: Visit) -> Reply:
    """What this browser has ordered; each opens by its own token."""
    rows = []
    for order_id, token in visit.kept.orders.items():
        rows.append(visit.as_customer(token).call("GET", f"/orders/{order_id}"))
    return visit.page("orders.html.j2", rows=rows)


def choose_language(visit: Visit) -> Reply:
    """Back to where it was asked for, in the chosen language."""
    chosen, back = visit.posted.get("language", ""), visit.posted.get("back", "/")
    if chosen in LANGUAGES:
        visit.set(kept.LANGUAGE, chosen)
    return visit.go(back if back.startswith("/") and not back.startswith("//") else "/")


def _matches(item: Json, asked: str) -> bool:
    text = folded(f"{item['name']} {item['sku']}")
    return all(word in text for word in folded(asked).split())


def folded(text: str) -> str:
    """Without capitals and accents, as people type when they search."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
