"""What a page reads: each settings section once, and afresh on the next page."""

from collections import Counter
from typing import Any

import pytest

from comanda.dynamo.client import client
from tests.functional.conftest import Call
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import place, set_section, stock_product


@pytest.fixture
def asked(aws: None, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each settings item was asked for."""
    found: Counter[str] = Counter()
    real = client().get_item

    def counted(**request: Any) -> Any:
        found[request["Key"]["pk"]["S"]] += request["TableName"] == "SettingsTable"
        return real(**request)

    monkeypatch.setattr(client(), "get_item", counted)
    return found


@pytest.mark.parametrize("page", ["/orders", "/", "/stock"])
def test_a_page_reads_a_section_once(call: Call, asked: Counter[str], page: str) -> None:
    stock_product()
    place(call)
    staff = staff_at()
    asked.clear()
    assert staff.get(page).status == 200
    assert {name: n for name, n in asked.items() if name.startswith("SECTION#") and n > 1} == {}
    assert asked["SECTION#shop"] == 1


def test_the_next_page_sees_what_was_changed_meanwhile(aws: None) -> None:
    boss = staff_at("admin")
    boss.get("/settings/shop")
    set_section("shop", name="Tienda nueva")
    assert "Tienda nueva" in boss.get("/settings/shop").text
