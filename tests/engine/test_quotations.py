"""A quotation accepted by many at once, and by telephone at the same moment, is one order."""

import pytest

from comanda import wiring
from tests.engine.threads import all_at_once
from tests.functional.conftest import Answer, Call
from tests.functional.drafts import accept, link_of, quoted
from tests.functional.shop import level, set_section, stock_product
from tests.functional.staff import command

pytestmark = [pytest.mark.engine, pytest.mark.timeout(280)]


@pytest.mark.capability("F18", "G01")
def test_a_quotation_is_placed_once_however_many_accept_it(call: Call) -> None:
    set_section("limits", per_address=100_000, per_email=100_000)
    stock_product(units=10)
    order = quoted(call)
    token, version = link_of(order["order_id"]), order["version"]

    def accepting(number: int) -> Answer:
        if number % 4 == 0:
            body = {"verified": True}
            return command(call, order["order_id"], "place", body, key=f"k{number}", version=version)
        return accept(call, token, key=f"k{number}")

    answers = all_at_once(accepting, 16)
    won = [answer for answer in answers if answer.status == 200]
    refused = {(a.status, a.body["type"]) for a in answers if a.status != 200}
    assert len(won) == 1
    assert refused <= {(410, "link-used"), (412, "stale")}
    assert level() == {"on_hand": 10, "reserved": 2, "allocated": 0, "available": 8}
    facts = [fact.type for fact in wiring.orders().facts(order["order_id"])]
    assert facts.count("OrderPlaced") == 1
