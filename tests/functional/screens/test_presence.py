"""Who else has an order open: told to each other, forgotten in a moment, at a small price."""

from datetime import timedelta
from typing import Any

import boto3
import pytest
import time_machine

from comanda import wiring
from comanda.screens.sign_in.pool import UserPool
from tests.functional.conftest import Call
from tests.functional.screens.order_page import at, done
from tests.functional.screens.visitor import SITE, Seen, Visitor, staff_at
from tests.functional.shop import place, set_section, stock_product

PARTIAL = {"hx-request": "true", "hx-request-type": "partial", "origin": SITE}
pytestmark = pytest.mark.capability("F24")


@pytest.fixture
def order_id(call: Call, monkeypatch: pytest.MonkeyPatch) -> str:
    """The user pool knows everybody here, however late it is asked."""
    monkeypatch.setattr(UserPool, "roles_now", lambda pool, username: frozenset({username.split("-")[0]}))
    stock_product()
    return str(place(call)["order_id"])


def look(visitor: Visitor, order_id: str) -> Seen:
    """What the page's script asks while it is seen."""
    page = at(visitor, order_id)
    token = page.text.partition('data-token="')[2].partition('"')[0]
    assert f'data-here="/back-office/orders/{order_id}/here"' in page.text
    return visitor.send("POST", f"/orders/{order_id}/here", "", PARTIAL | {"x-csrf": token})


def notes(order_id: str) -> list[dict[str, Any]]:
    table = boto3.resource("dynamodb").Table(wiring.sessions().table)
    items: list[dict[str, Any]] = [i for i in table.scan()["Items"] if i["pk"] == f"HERE#{order_id}"]
    return items


def test_two_colleagues_see_each_other_until_one_leaves(order_id: str) -> None:
    set_section("sales", people=[{"name": "Marta", "user": "user-admin"}])
    marta, luis = staff_at("admin", language="es"), staff_at("staff", language="es")
    assert look(marta, order_id).text.strip() == ""
    assert look(luis, order_id).text.strip() == "Marta está en este pedido"
    assert look(marta, order_id).text.strip() == "staff está en este pedido"
    with time_machine.travel(wiring.now() + timedelta(seconds=91), tick=False):
        assert look(luis, order_id).text.strip() == ""


def test_a_third_is_counted_and_names_are_never_markup(order_id: str) -> None:
    now = wiring.now()
    presence = wiring.presence()
    for number, name in enumerate(("Ana", "Eva", "<b>Zoé</b>")):
        presence.look_in(order_id, f"u{number}", name, now + timedelta(seconds=number))
    seen = look(staff_at("staff"), order_id)
    assert "&lt;b&gt;Zoé&lt;/b&gt; and 2 others are in this order" in seen.text
    assert presence.look_in("another", "u9", "Ida", now) == []


def test_an_open_page_writes_seldom_and_its_notes_expire(order_id: str) -> None:
    now, presence = wiring.now(), wiring.presence()
    presence.look_in(order_id, "u1", "Ana", now)
    (first,) = notes(order_id)
    presence.look_in(order_id, "u1", "Ana", now + timedelta(seconds=30))
    assert notes(order_id) == [first]
    presence.look_in(order_id, "u1", "Ana", now + timedelta(seconds=60))
    (second,) = notes(order_id)
    assert second["seen_at"] > first["seen_at"]
    assert int(second["expires_at"]) == int((now + timedelta(seconds=150)).timestamp())


def test_looking_in_needs_the_forms_token_and_keeps_no_session_alive(order_id: str) -> None:
    staff = staff_at("staff")
    refused = staff.send("POST", f"/orders/{order_id}/here", "", PARTIAL | {"x-csrf": "no"})
    assert refused.status == 403
    assert notes(order_id) == []
    assert staff_at("picker").post(f"/orders/{order_id}/here").status == 403
    with time_machine.travel(wiring.now() + timedelta(hours=3), tick=False):
        session = wiring.sessions().find(staff.cookies["__Host-comanda"], wiring.now())
        assert session
        wiring.entrance().who(session.cookie, wiring.now(), idly=True)
        later = wiring.sessions().find(session.cookie, wiring.now())
        assert later
        assert later.seen_at == session.seen_at


def test_what_a_page_asks_by_itself_keeps_nobody_signed_in_and_takes_no_undo(order_id: str) -> None:
    """Labels being bought are asked for every few seconds, whether somebody sits there or not."""
    staff, polled = staff_at("staff"), {"hx-request": "true", "hx-request-type": "full"}
    page = at(staff, order_id, "hold")
    told = staff.submit(page, f"/orders/{order_id}/hold", reason="stock")
    with time_machine.travel(wiring.now() + timedelta(hours=3), tick=False):
        before = wiring.sessions().find(staff.cookies["__Host-comanda"], wiring.now())
        assert before
        assert before.passing["told"]
        assert staff.get(f"/orders/{order_id}?watch=labels", **polled).status == 200
        unchanged = wiring.sessions().find(before.cookie, wiring.now())
        assert unchanged
        assert (unchanged.seen_at, unchanged.passing) == (before.seen_at, before.passing)
        assert staff.follow(told).says("Undo")
        after = wiring.sessions().find(before.cookie, wiring.now())
        assert after
        assert after.passing == {}
        assert after.seen_at > before.seen_at


def test_who_has_no_name_in_the_settings_is_known_by_the_address_they_sign_in_with(order_id: str) -> None:
    done(staff_at("staff"), order_id, "hold", reason="stock")
    told = at(staff_at("admin"), order_id)
    assert ">staff</span>" in told.text
    assert "a colleague (" not in told.text
    set_section("sales", people=[{"name": "Luis", "user": "user-staff"}])
    assert at(staff_at("admin"), order_id).says("Luis")
    gone = boto3.resource("dynamodb").Table(wiring.sessions().table)
    gone.delete_item(Key={"pk": "user-staff", "sk": "SEEN"})
    set_section("sales", people=[])
    wiring.sessions.cache_clear()
    assert "a colleague (" in at(staff_at("admin"), order_id).text
