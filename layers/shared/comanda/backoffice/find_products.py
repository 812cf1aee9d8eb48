"""Products by words of their name, SKU or barcode, and the one that a scanned code means."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from comanda.errors import Invalid, NotFound
from comanda.search.product_words import product_words, spellings
from comanda.search.store import SearchStore
from comanda.search.words import plain_text, typed_words
from comanda.settings.store import SettingsStore
from comanda.stock.available import available, backorder_answer
from comanda.stock.model import Product
from comanda.stock.store import StockStore

MOST_TOKENS = 300  # are read of one word: some 30 bytes each
MOST_WORDS = 3  # are looked up, the longest; the rest is judged on the products
SPARE_READS = 30  # products that may be read beyond those shown
SAME_CODE = 5  # products may bear one barcode; the first by SKU is meant


@dataclass(frozen=True, slots=True)
class ProductList:
    tokens: SearchStore
    stock: StockStore
    settings: SettingsStore


def find_products(q: str, limit: int, at: ProductList, locale: str = "") -> dict[str, Any]:
    """`{items, next, more}`: products on sale that hold every word, by SKU, the one of that very SKU or
    barcode first. `more`: others fit as well; type more. Reads at most three ranges of tokens and
    `limit` + 30 products, whatever the catalogue holds. Raises Invalid.
    """
    words = typed_words(q)
    if not words:
        raise Invalid.at("/q", "holds no letter and no digit")
    skus, whole = _candidates(words, at.tokens)
    reads = limit + SPARE_READS
    found = [one for one in _read(skus[:reads], at) if _fits(one, words)]
    meant = _by_code(q, at)
    rest = [one for one in found if meant is None or one.sku != meant.sku]
    shown = ([meant] if meant else []) + rest
    more = len(shown) > limit or len(skus) > reads or not whole
    return {"items": _answers(shown[:limit], at, locale), "next": None, "more": more}


def product_of_code(code: str, at: ProductList) -> Product:
    """The product on sale with this SKU or barcode, as typed or scanned. Raises NotFound."""
    found = _by_code(code, at)
    if found is None:
        raise NotFound(f"no product on sale has the code {code.strip()!r}")
    return found


def _by_code(code: str, at: ProductList) -> Product | None:
    typed = code.strip()
    if not typed or len(typed) > 64 or "#" in typed:
        return None
    if own := _read((typed, typed.upper()), at):
        return own[0]
    written = spellings(typed)
    skus = [sku for one in written for sku in islice(_exactly(one, at.tokens), SAME_CODE)]
    bearing = (one for one in _read(skus, at) if one.barcode.casefold() in map(str.casefold, written))
    return next(bearing, None)


def _exactly(code: str, tokens: SearchStore) -> Iterable[str]:
    word = plain_text(code)
    found = tokens.exactly(word, newest="", oldest="", descending=True) if word else ()
    return (position.partition("#")[2] for position in found)


def _candidates(words: list[str], tokens: SearchStore) -> tuple[list[str], bool]:
    """SKUs that may fit, and whether these are all. A beginning that too many products share rules
    nothing out; if each does, the first of the longest are looked at."""
    read = [tokens.beginning_with(word, MOST_TOKENS) for word in words[:MOST_WORDS]]
    lists = [positions for positions, whole in read if whole]
    positions = set.intersection(*lists) if lists else read[0][0]
    return sorted(position.partition("#")[2] for position in positions), bool(lists)


def _read(skus: Iterable[str], at: ProductList) -> list[Product]:
    """Those on sale, in this order."""
    wanted = list(dict.fromkeys(skus))
    found = at.stock.products(wanted) if wanted else {}
    return [found[sku] for sku in wanted if sku in found and found[sku].active]


def _fits(product: Product, words: list[str]) -> bool:
    said = product_words(product)
    return all(said.fit(word) for word in words)


def _answers(products: list[Product], at: ProductList, locale: str) -> list[dict[str, Any]]:
    if not products:
        return []
    sections = at.settings.sections(["shop", "stock"])
    shop, rules = sections["shop"], sections["stock"]
    whole = at.stock.put_together({product.sku: product for product in products})
    free = at.stock.free(whole.values(), rules.default_location)
    return [
        {
            "sku": product.sku,
            "barcode": product.barcode or None,
            "name": product.name(locale or shop.locale),
            "names": product.names,
            "price": {"amount": product.price, "currency": shop.currency},
            "available": available(whole[product.sku], free),
            "backorder": backorder_answer(product),
            "image": product.image or None,
        }
        for product in products
    ]
