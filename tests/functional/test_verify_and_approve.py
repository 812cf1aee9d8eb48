"""From the guest's mail to the merchant's decision, through the real handlers."""

import pytest

from comanda import wiring
from tests.functional.shop import level, place, set_section, stock_product


def mailed(order_id: str, event: str, purpose: str) -> str:
    """The token of the link in a mail that the order wants."""
    loaded = wiring.desk().load(order_id)
    effect = next(e for e in loaded.effects if e.kind == "mail" and e.data["event"] == event)
    mark = effect.data["links"][purpose]
    token = wiring.keys().link_with_hash(purpose, order_id, mark["serial"], mark["hash"])
    assert token
    return token


def events(order_id: str) -> list[str]:
    return sorted(e.data["event"] for e in wiring.desk().load(order_id).effects if e.kind == "mail")


@pytest.mark.capability("A06", "A07", "A11", "A21", "D02")
def test_verifying_places_the_order_tells_the_merchant_and_signs_the_customer_in(call):
    stock_product()
    placed = place(call)
    order_id = placed["order_id"]
    assert events(order_id) == ["payment_instructions", "verification"]
    answer = call(
        "verify_email", "POST", "/verify-email", {"token": mailed(order_id, "verification", "verify")}
    )
    assert answer.status == 200, answer.text
    assert answer.body["email"] == "ana@example.com"
    order = wiring.desk().load(order_id).order
    assert (order.lifecycle, order.verified, order.announced) == ("placed", True, True)
    assert events(order_id) == ["merchant_order", "order_placed", "payment_instructions", "verification"]
    token = answer.body["customer_token"]
    again = call(
        "place_order",
        "POST",
        "/orders",
        {
            "lines": [{"sku": "CAFE-1", "quantity": 1}],
            "delivery": "ship",
            "payment_method": "bank_transfer",
            "accept_privacy": True,
        },
        headers={"Idempotency-Key": "second", "Authorization": f"Bearer {token}"},
    )
    assert again.status == 201, again.text
    assert again.body["lifecycle"] == "placed"


@pytest.mark.capability("A06")
def test_a_link_works_once(call):
    stock_product()
    order_id = place(call)["order_id"]
    token = mailed(order_id, "verification", "verify")
    assert call("verify_email", "POST", "/verify-email", {"token": token}).status == 200
    before = wiring.desk().load(order_id).order
    second = call("verify_email", "POST", "/verify-email", {"token": token})
    assert (second.status, second.body["type"]) == (410, "link-used")
    assert wiring.desk().load(order_id).order == before


@pytest.mark.capability("A06")
def test_a_corrected_address_gets_a_new_link_and_the_old_one_stops(call):
    stock_product()
    placed = place(call)
    order_id = placed["order_id"]
    old = mailed(order_id, "verification", "verify")
    sent = call(
        "customer_order",
        "POST",
        f"/orders/{order_id}/resend-verification",
        {"email": "ana.munoz@example.com"},
        headers={"Authorization": f"Bearer {placed['access_token']}"},
    )
    assert sent.status == 202, sent.text
    assert call("verify_email", "POST", "/verify-email", {"token": old}).body["type"] == "link-expired"
    loaded = wiring.desk().load(order_id)
    effect = next(e for e in loaded.effects if e.effect_id == "mail-verification-2")
    mark = effect.data["links"]["verify"]
    token = wiring.keys().link_with_hash("verify", order_id, mark["serial"], mark["hash"])
    assert (
        call("verify_email", "POST", "/verify-email", {"token": token}).body["email"]
        == "ana.munoz@example.com"
    )


@pytest.mark.capability("A08", "A22")
def test_the_merchant_approves_by_the_mailed_link(call):
    stock_product()
    order_id = place(call)["order_id"]
    call("verify_email", "POST", "/verify-email", {"token": mailed(order_id, "verification", "verify")})
    token = mailed(order_id, "merchant_order", "approve")
    answer = call("approve_order", "POST", "/approve-order", {"token": token, "decision": "approve"})
    assert answer.status == 200, answer.text
    order = wiring.desk().load(order_id).order
    assert order.approved
    assert "order_approved" in events(order_id)
    assert level()["reserved"] == 2  # a transfer is allocated once it is paid
    again = call("approve_order", "POST", "/approve-order", {"token": token, "decision": "reject"})
    assert (again.status, again.body["type"]) == (410, "link-used")
    assert wiring.desk().load(order_id).order == order


@pytest.mark.capability("D21")
def test_a_rejected_order_gives_its_stock_back_and_says_why(call):
    stock_product()
    order_id = place(call)["order_id"]
    call("verify_email", "POST", "/verify-email", {"token": mailed(order_id, "verification", "verify")})
    token = mailed(order_id, "merchant_order", "approve")
    answer = call(
        "approve_order",
        "POST",
        "/approve-order",
        {"token": token, "decision": "reject", "reason": "Sin existencias de tu color"},
    )
    assert answer.status == 200, answer.text
    loaded = wiring.desk().load(order_id)
    assert (loaded.order.lifecycle, loaded.order.cancel_reason) == ("cancelled", "rejected")
    assert loaded.text("note:end") == "Sin existencias de tu color"
    assert level() == {"on_hand": 10, "reserved": 0, "allocated": 0, "available": 10}
    assert "order_rejected" in events(order_id)
    assert "Sin existencias" not in str([fact.to_dict() for fact in wiring.orders().facts(order_id)])


@pytest.mark.capability("A17")
def test_the_merchants_mail_links_to_the_order_as_csv(call):
    stock_product()
    set_section("checkout", notify_merchant="placed")
    order_id = place(call)["order_id"]
    token = mailed(order_id, "merchant_order", "csv")
    answer = call("customer_order", "GET", f"/orders/{order_id}/export.csv", query={"token": token})
    assert answer.status == 200, answer.text
    assert "Ana Muñoz" in answer.text or answer.headers["content-type"].startswith("text/csv")


@pytest.mark.capability("C01", "C05")
def test_a_customer_sees_the_order_only_with_its_token(call):
    stock_product()
    placed = place(call)
    path = f"/orders/{placed['order_id']}"
    shown = call("customer_order", "GET", path, headers={"Authorization": f"Bearer {placed['access_token']}"})
    assert shown.status == 200, shown.text
    assert shown.body["number"] == placed["number"]
    assert shown.body["lines"][0]["reserved"] == 2
    assert [one["type"] for one in shown.body["history"]] == ["OrderPlaced"]
    assert call("customer_order", "GET", path, headers={"Authorization": "Bearer wrong"}).status == 404
    assert call("customer_order", "GET", path).status == 404


@pytest.mark.capability("F09")
def test_a_lost_answer_to_a_link_is_asked_for_again_by_its_key(call):
    stock_product()
    order_id = place(call)["order_id"]
    body = {"token": mailed(order_id, "verification", "verify")}
    keyed = {"Idempotency-Key": "again"}
    first = call("verify_email", "POST", "/verify-email", body, headers=keyed)
    assert first.status == 200, first.text
    before = wiring.desk().load(order_id).order
    assert call("verify_email", "POST", "/verify-email", body, headers=keyed).body == first.body
    other = call("verify_email", "POST", "/verify-email", {"token": "x"}, headers=keyed)
    assert (other.status, other.body["type"]) == (422, "idempotency-key-reused")
    verdict = {"token": mailed(order_id, "merchant_order", "approve"), "decision": "approve"}
    assert wiring.desk().load(order_id).order == before
    decided = call("approve_order", "POST", "/approve-order", verdict, headers=keyed)
    assert decided.status == 200, decided.text
    assert call("approve_order", "POST", "/approve-order", verdict, headers=keyed).body == decided.body
