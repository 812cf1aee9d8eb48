"""Keep the tokens of an order, a customer or a product what its texts are now.

The record of what is written goes first and says more than there is, never less; so a crash at any
point leaves nothing that the next turn, or an erasure, would not find.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from comanda.customers.model import Customer
from comanda.dynamo.packed import body_of
from comanda.orders.decision import Loaded
from comanda.search.customer_words import customer_tokens
from comanda.search.product_words import product_words
from comanda.search.store import Overtaken, Record, SearchStore
from comanda.search.words import words_of
from comanda.stock.model import Product

ATTEMPTS = 5
PROFILE_WORDS = ("name", "email", "phone", "company", "tax_id", "other_emails", "merged_into", "created_at")
PRODUCT_WORDS = ("names", "barcode", "active")
NO_TIME = "2000-01-01T00:00:00.000Z"  # products have no age: those of a word lie by SKU

type Load = Callable[[str], Loaded | None]
type LoadCustomer = Callable[[str], Customer | None]
type LoadProduct = Callable[[str], Product | None]


@dataclass(frozen=True, slots=True)
class Said:
    """All tokens that there should be now, and since when the order or customer is here."""

    tokens: frozenset[str]
    created_at: str


def on_change(record: dict[str, Any], load: Load, store: SearchStore) -> str:
    """A record of the orders' stream; most changes of an order change none of its words.

    Answers the id of the customer who has been marked as its owner; empty where nothing was written.
    """
    image = record["dynamodb"]
    if image["Keys"]["sk"]["S"] != "ORDER" or _texts(image.get("OldImage")) == _texts(image.get("NewImage")):
        return ""
    return project(image["Keys"]["pk"]["S"], load, store)


def on_customer_change(record: dict[str, Any], load: LoadCustomer, store: SearchStore) -> None:
    """A record of the customers' stream."""
    image = record["dynamodb"]
    if image["Keys"]["sk"]["S"] != "PROFILE":
        return
    old, new = image.get("OldImage") or {}, image.get("NewImage") or {}
    if any(old.get(name) != new.get(name) for name in PROFILE_WORDS):
        project_customer(image["Keys"]["pk"]["S"].removeprefix("CUSTOMER#"), load, store)


def on_product_change(record: dict[str, Any], load: LoadProduct, store: SearchStore) -> None:
    """A record of the Stock table's stream; most are of units, which say nothing."""
    image = record["dynamodb"]
    pk = str(image["Keys"]["pk"]["S"])
    old, new = image.get("OldImage") or {}, image.get("NewImage") or {}
    if pk.startswith("PRODUCT#") and any(old.get(name) != new.get(name) for name in PRODUCT_WORDS):
        project_product(pk.removeprefix("PRODUCT#"), load, store)


def _texts(item: dict[str, Any] | None) -> Any:
    """What tells that a word changed, though not what it says: SKUs, the digests of the personal texts,
    whose order it is, and how much was shipped, for the parcels' numbers."""
    if item is None:
        return None
    order = body_of(item)
    lines = [(line["sku"], line.get("shipped", 0)) for line in order["lines"]]
    return order.get("personal", {}), sorted(lines), order.get("customer_id", "")


def project(order_id: str, load: Load, store: SearchStore) -> str:
    """Write the tokens of an order as it is now; of one that is gone none stay. Raises Overtaken.

    Answers whose order it is.
    """
    owner = ""

    def said() -> Said | None:
        nonlocal owner
        loaded = load(order_id)
        if loaded is None:
            owner = ""
            return None
        owner = loaded.order.customer_id
        return Said(words_of(loaded.order, loaded.personal).tokens, loaded.order.created_at)

    _keep(order_id, said, store)
    return owner


def project_customer(customer_id: str, load: LoadCustomer, store: SearchStore) -> None:
    """The same for a customer; one that was merged into another is found no more. Raises Overtaken."""

    def said() -> Said | None:
        customer = load(customer_id)
        return Said(customer_tokens(customer), customer.created_at) if customer else None

    _keep(customer_id, said, store)


def project_product(sku: str, load: LoadProduct, store: SearchStore) -> None:
    """The same for a product; one that is not on sale is found no more. Raises Overtaken."""

    def said() -> Said | None:
        tokens = product_words(load(sku)).tokens
        return Said(tokens, NO_TIME) if tokens else None

    _keep(sku, said, store)


def _keep(subject: str, said: Callable[[], Said | None], store: SearchStore) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _write(subject, said, store)
            return
        except Overtaken:
            if attempt == ATTEMPTS:
                raise


def _write(subject: str, said: Callable[[], Said | None], store: SearchStore) -> None:
    before = store.record(subject)
    now = said()
    if now is None and before is None:
        return
    wanted = now.tokens if now else frozenset[str]()
    written = before.tokens if before else frozenset[str]()
    if before and wanted == written:
        store.add(
            before, store.missing(before, wanted)
        )  # an earlier turn may have died between the record and the tokens
        return
    created_at = now.created_at if now else before.created_at if before else ""
    noted = store.note(before, Record(subject, created_at, wanted | written))
    store.add(noted, store.missing(noted, wanted) if before else wanted)
    if gone := written - wanted:
        store.remove(noted, gone)
        store.note(noted, replace(noted, tokens=wanted))
