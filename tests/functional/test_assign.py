"""Orders given to salespeople and marked with tags, through the real handler."""

import pytest

from tests.functional.conftest import Call
from tests.functional.drafts import WHOLE, draft
from tests.functional.shop import place, set_section, stock_product
from tests.functional.staff import ask, command, show
from tests.functional.tables import contents


def found(call: Call, **query: str) -> list[str]:
    answer = ask(call, "GET", "/admin/orders", query=query)
    assert answer.status == 200, answer.text
    return [row["order_id"] for row in answer.body["items"]]


@pytest.mark.capability("E04", "F24")
def test_an_order_is_assigned_and_found_by_whose_it_is(call: Call) -> None:
    stock_product()
    set_section("sales", people=[{"name": "Marta"}])
    mine, theirs, nobodys = (place(call, key=f"k{n}")["order_id"] for n in range(3))
    answer = command(call, mine, "assign", {"to": "me"})
    assert (answer.status, answer.body["result"]) == (200, {"assigned": "staff:user-staff"})
    assert command(call, theirs, "assign", {"to": "Marta"}).body["order"]["assigned"] == "Marta"
    assert found(call, assigned="me") == [mine]
    assert found(call, assigned="marta") == [theirs]
    assert found(call, assigned="none") == [nobodys]
    assert set(found(call, **{"not.assigned": "none"})) == {mine, theirs}
    assert command(call, theirs, "assign", {"to": None}).body["order"]["assigned"] is None
    assert set(found(call, assigned="none")) == {theirs, nobodys}


@pytest.mark.capability("E04")
def test_an_assignment_is_in_the_history_and_raises_the_version(call: Call) -> None:
    stock_product()
    set_section("sales", people=[{"name": "Marta"}, {"name": "Ana"}])
    order_id = place(call)["order_id"]
    version = show(call, order_id)["version"]
    done = command(call, order_id, "assign", {"to": "Marta"}).body
    assert done["version"] == version + 1
    assert command(call, order_id, "assign", {"to": "Marta"}).body["version"] == version + 1
    fact = show(call, order_id)["history"][-1]
    assert (fact["type"], fact["data"], fact["actor"]) == (
        "OrderAssigned",
        {"to": "Marta"},
        "staff:user-staff",
    )
    before = contents()
    assert command(call, order_id, "assign", {"to": "Ana"}, version=version, key="x").status == 412
    assert command(call, order_id, "assign", {}).status == 422
    assert contents() == before


@pytest.mark.capability("E04")
def test_a_rule_assigns_the_order_when_it_is_placed(call: Call) -> None:
    stock_product(units=20)
    set_section(
        "sales",
        people=[{"name": "Marta", "user": "user-staff"}],
        teams=[{"name": "Tienda", "members": ["Marta", "Luis"], "in_turn": True}],
        rules=[{"to": "Grandes", "from_total": 100_000}, {"to": "Tienda", "states": ["CDMX"]}],
    )
    big = place(call, lines=[{"sku": "CAFE-1", "quantity": 10}])["order_id"]
    small = [place(call, key=f"k{n}")["order_id"] for n in range(2)]
    assert show(call, big)["assigned"] == "Grandes"
    assert sorted(show(call, one)["assigned"] for one in small) == ["Luis", "Marta"]
    assert found(call, assigned="me") == [one for one in small if show(call, one)["assigned"] == "Marta"]
    assert [fact["type"] for fact in show(call, big)["history"]].count("OrderAssigned") == 1


@pytest.mark.capability("E04", "D25")
def test_a_draft_keeps_whom_staff_gave_it_to(call: Call) -> None:
    stock_product()
    set_section("sales", people=[{"name": "Marta"}], rules=[{"to": "Luis"}])
    begun = draft(call, **WHOLE)["order"]["order_id"]
    other = draft(call, **WHOLE)["order"]["order_id"]
    command(call, begun, "assign", {"to": "Marta"})
    for order_id, whose in ((begun, "Marta"), (other, "Luis")):
        placed = command(call, order_id, "place", {"verified": True})
        assert placed.body["order"]["assigned"] == whose


@pytest.mark.capability("F24")
def test_tags_are_put_on_taken_off_and_filtered_by(call: Call) -> None:
    stock_product()
    one, other = (place(call, key=f"k{n}")["order_id"] for n in range(2))
    tagged = command(call, one, "tag", {"add": ["Cliente VIP", "urgente"]})
    assert tagged.body["result"] == {"tags": ["cliente-vip", "urgente"]}
    assert found(call, tag="cliente-vip") == [one]
    assert found(call, **{"not.tag": "cliente-vip"}) == [other]
    row = next(r for r in ask(call, "GET", "/admin/orders").body["items"] if r["order_id"] == one)
    assert (row["tags"], row["assigned"]) == (["cliente-vip", "urgente"], None)
    assert command(call, one, "tag", {"remove": ["Cliente VIP"]}).body["order"]["tags"] == ["urgente"]
    assert found(call, tag="cliente-vip") == []
    before = contents()
    assert command(call, one, "tag", {"add": ["!!"]}).status == 422
    assert contents() == before
