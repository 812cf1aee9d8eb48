"""The examples of docs/pricing.md: every setting is taken, every row of the tables comes out."""

import json
import re
from pathlib import Path

import pytest

from comanda.backoffice.routes_discounts import CodeBody
from comanda.backoffice.routes_prices import EntryBody
from comanda.discounts.edit_codes import judge
from comanda.discounts.model import Basket, DiscountCode, Item, redeem
from comanda.errors import Invalid
from comanda.orders.zones import Parcel, delivery_cost
from comanda.pricelists.model import Entry, Tariff
from comanda.settings.sections import SECTIONS, Customers, Shipping

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "pricing.md").read_text()
EXAMPLES = {
    name: json.loads(body) for name, body in re.findall(r"```json (\S+)\n(.*?)```", PAGE, flags=re.DOTALL)
}


def rows(first_column: str) -> list[list[str]]:
    """The rows of the table whose first column is called so."""
    table = PAGE.split(f"| {first_column} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip().strip("|").split("|")] for row in table]


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name in SECTIONS])
def test_an_example_of_settings_is_taken(name: str) -> None:
    SECTIONS[name].model_validate(EXAMPLES[name])


@pytest.mark.parametrize("row", rows("delivery"), ids="-".join)
def test_delivery_costs_what_the_page_says(row: list[str]) -> None:
    code, country, state, postal, goods, grams, said = row
    shipping = Shipping.model_validate(EXAMPLES["shipping"])
    address = {"country": country, "state": state, "postal_code": postal} if country else {}
    parcel = Parcel(int(goods), int(grams))
    if not said.startswith("no: "):
        assert delivery_cost(code, address, shipping, parcel) == int(said)
        return
    with pytest.raises(Invalid) as refused:
        delivery_cost(code, address, shipping, parcel)
    assert refused.value.extra["errors"][0]["pointer"] == said.removeprefix("no: ")


@pytest.mark.parametrize("row", rows("bought"), ids="-".join)
def test_a_code_does_what_the_page_says(row: list[str]) -> None:
    bought, day, said = row
    body = CodeBody.model_validate(EXAMPLES["discount-code"])
    code = DiscountCode(body.code, **body.values("MXN"))
    judge(code)
    lines = [line.split() for line in bought.split(", ")]
    items = [Item(f"l{n}", sku, int(amount)) for n, (sku, amount) in enumerate(lines)]
    basket = Basket(items, "MXN", f"{day}T18:00:00.000Z")
    if not said.startswith("no: "):
        assert f"{redeem(code, basket).amount} off" == said
        return
    with pytest.raises(Invalid) as refused:
        redeem(code, basket)
    assert refused.value.extra["reason"] == said.removeprefix("no: ")


def entry(example: str, group: str) -> Entry:
    return EntryBody.model_validate(EXAMPLES[example]).entry(group, "CAFE-1", "MXN")


@pytest.mark.parametrize("row", rows("buyer"), ids="-".join)
def test_a_buyer_pays_what_the_page_says(row: list[str]) -> None:
    group, units, said = row
    terms = Customers.model_validate(EXAMPLES["customers"]).group(group)
    own = (entry("own-list", group),) if group == "mayoreo" else ()
    lists = {"CAFE-1": (*own, entry("everyones-list", "everyone"))}
    tariff, quantity = Tariff(lists, terms.percent_ppm if terms else 0), int(units)
    rule = tariff.rule("CAFE-1")
    if said.startswith("no: "):
        assert not rule.fits(quantity)
        assert rule.refusal("CAFE-1", quantity)["detail"].endswith(said.removeprefix("no: "))
        return
    assert rule.fits(quantity)
    assert tariff.unit_price("CAFE-1", 10_000, quantity) == int(said)
