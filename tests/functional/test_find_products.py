"""Staff find products by words, SKU and barcode; the index follows the catalogue."""

from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda import wiring
from comanda.backoffice.find_products import MOST_TOKENS, find_products, product_of_code
from comanda.errors import NotFound
from comanda.search.product_words import product_words, spellings
from comanda.stock.model import Product
from functions.watch_stock.app import lambda_handler as watch_stock
from tests.functional.backbone import backbone
from tests.functional.conftest import Call
from tests.functional.drafts import withdraw
from tests.functional.products import listed, rename, words_of
from tests.functional.shop import stock_product
from tests.functional.staff import ask
from tests.functional.tables import contents
from tests.functional.test_low_stock import Stream

__all__ = ["backbone"]
pytestmark = pytest.mark.capability("D25")


def skus(call: Call, q: str, **query: str) -> list[str]:
    answer = ask(call, "GET", "/admin/products", query={"q": q, **query})
    assert answer.status == 200, answer.text
    return [item["sku"] for item in answer.body["items"]]


@pytest.fixture
def shop(call: Call) -> Call:
    listed("CAFE-1", "Café de Chiapas molido", barcode="2000000000015")
    listed("CAFE-2", "Café de Oaxaca en grano", barcode="036000291452", units=0)
    listed("TAZA-1", "Taza de barro", price=8900, units=None)
    return call


def test_every_word_counts_by_its_beginning_and_without_accents(shop: Call) -> None:
    assert skus(shop, "cafe") == ["CAFE-1", "CAFE-2"]
    assert skus(shop, "Caf moli") == ["CAFE-1"]
    assert skus(shop, "café barro") == []
    assert skus(shop, "taz") == ["TAZA-1"]
    assert skus(shop, "cafe-2") == ["CAFE-2"]


def test_what_is_found_says_price_and_what_is_left(shop: Call) -> None:
    items = ask(shop, "GET", "/admin/products", query={"q": "cafe", "locale": "es"}).body["items"]
    assert items[0]["name"] == "Café de Chiapas molido"
    assert items[0]["price"] == {"amount": 11600, "currency": "MXN"}
    assert [item["available"] for item in items] == [10, 0]
    assert ask(shop, "GET", "/admin/products", query={"q": "taza"}).body["items"][0]["available"] is None


def test_a_code_means_the_product_of_that_sku_or_barcode(shop: Call) -> None:
    at = wiring.product_list()
    assert product_of_code(" cafe-1 ", at).sku == "CAFE-1"
    assert product_of_code("2000000000015", at).sku == "CAFE-1"
    assert product_of_code("0036000291452", at).sku == "CAFE-2"  # the same UPC, read as an EAN-13
    for unknown in ("200000000001", "7501234567890", "café", "#", ""):
        with pytest.raises(NotFound):
            product_of_code(unknown, at)
    assert skus(shop, "2000000000015") == ["CAFE-1"]


def test_a_question_without_a_letter_is_refused(shop: Call) -> None:
    before = contents()
    assert ask(shop, "GET", "/admin/products", query={"q": "¿?"}).status == 422
    assert ask(shop, "GET", "/admin/products", query={"q": "caf", "limit": "51"}).status == 422
    assert contents() == before


def test_the_stream_keeps_the_words(call: Call, backbone: Any) -> None:
    stream = Stream()
    stock_product("CAFE-1", barcode="2000000000015")
    stream.flows()
    assert words_of("CAFE-1") == {"cafe", "cafe-1", "coffee", "2000000000015"}
    rename("CAFE-1", "Grano verde")
    stream.flows()
    assert words_of("CAFE-1") == {"cafe", "cafe-1", "grano", "verde", "2000000000015"}
    assert skus(call, "verde") == ["CAFE-1"]
    withdraw("CAFE-1")
    assert skus(call, "verde") == []  # before the stream is heard, too
    stream.flows()
    assert words_of("CAFE-1") == set()


def test_a_large_catalogue_costs_no_more(shop: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """A word that too many products share is bounded; with another word the few are found."""
    writer = boto3.resource("dynamodb").Table("SearchTable")
    with writer.batch_writer() as batch:
        for number in range(MOST_TOKENS + 20):
            batch.put_item(Item={"pk": "P#caf", "sk": f"cafe#9046674463999#A-{number:04d}"})
    read: list[int] = []
    real = type(wiring.stock()).products
    monkeypatch.setattr(
        type(wiring.stock()), "products", lambda self, names: read.append(len(names)) or real(self, names)
    )
    found = find_products("cafe", 12, wiring.product_list())
    assert found["more"] is True
    assert max(read) <= 12 + 30
    assert skus(shop, "cafe oaxaca") == ["CAFE-2"]


@given(st.text(alphabet="áéñabcXYZ019 -/.#", max_size=30), st.text(alphabet="0123456789", max_size=14))
def test_a_product_fits_its_own_words(name: str, barcode: str) -> None:
    product = Product("SKU-1", {"es": name}, 1, barcode=barcode)
    said = product_words(product)
    assert all(said.fit(word) for word in said.plain)
    assert barcode in spellings(barcode)
    assert product_words(Product("SKU-1", {"es": name}, 1, active=False)).tokens == frozenset()


def test_products_from_before_the_search_get_their_words_piece_by_piece(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comanda.search.backfill.AT_ONCE", 2)
    for number in range(5):
        stock_product(f"VIEJO-{number}")
    listed("NUEVO-1", "Taza nueva")
    withdrawn = "VIEJO-3"
    withdraw(withdrawn)
    assert skus(call, "viejo") == []
    hurried, answers, after = SimpleNamespace(get_remaining_time_in_millis=lambda: 1_000), 0, ""
    while after is not None:
        after, answers = watch_stock({"words_from": after}, hurried)["words_from"], answers + 1
    assert answers > 1
    assert skus(call, "viejo") == [f"VIEJO-{number}" for number in (0, 1, 2, 4)]
    before = contents()
    assert watch_stock({"words_from": ""}, None) == {"words_from": None}
    assert contents() == before
