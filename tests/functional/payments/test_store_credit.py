"""Store credit and gift cards: given, spent with an order, given back, through the real handlers."""

from typing import Any

import pytest

from comanda import wiring
from comanda.orders.facts import Origin
from comanda.times import stamp
from comanda.workflow.timeouts import judge_deadlines
from tests.functional.conftest import Answer, Call
from tests.functional.drafts import WHOLE, accept, draft, link_of, quoted
from tests.functional.payments.test_refunds import pesos, refund
from tests.functional.payments.world import World
from tests.functional.shop import level, order_body, place, set_section, stock_product
from tests.functional.staff import ask, command, show
from tests.functional.tables import contents

TOTAL = 23_200


@pytest.fixture
def customer(call: Call, world: World) -> tuple[str, str]:
    """A verified customer: id and token."""
    stock_product()
    first = place(call, key="first", payment_method="request", lines=[{"sku": "CAFE-1", "quantity": 1}])
    customer_id = world.order(first["order_id"]).customer_id
    token = verified(call, first["order_id"])
    return customer_id, token


def verified(call: Call, order_id: str) -> str:
    """The customer follows the mailed link."""
    loaded = wiring.desk().load(order_id)
    link = wiring.keys().link("verify", order_id, str(loaded.order.link_serial))
    answer = call("verify_email", "POST", "/verify-email", {"token": link})
    assert answer.status == 200, answer.text
    return str(answer.body["customer_token"])


def give(call: Call, customer_id: str, amount: int, key: str = "give-1") -> Answer:
    body = {"amount": pesos(amount), "reason": "Disculpa por la demora"}
    path = f"/admin/customers/{customer_id}/credit"
    return ask(call, "POST", path, body, headers={"Idempotency-Key": key})


def credit(call: Call, customer_id: str) -> Any:
    return ask(call, "GET", f"/admin/customers/{customer_id}/credit").body


def balance(call: Call, customer_id: str) -> int:
    return int(credit(call, customer_id)["balance"]["amount"])


def buy(call: Call, token: str, key: str = "buy-1", **changes: Any) -> Answer:
    headers = {"Idempotency-Key": key} | ({"Authorization": f"Bearer {token}"} if token else {})
    return call("place_order", "POST", "/orders", order_body(**changes), headers=headers)


@pytest.mark.capability("D40", "F16")
def test_staff_give_and_take_credit_for_a_reason(call: Call, customer: tuple[str, str]) -> None:
    customer_id, _ = customer
    assert give(call, customer_id, 5_000).status == 200
    again = give(call, customer_id, 5_000)
    assert again.headers["idempotent-replay"] == "true"
    assert give(call, customer_id, -1_500, key="take").status == 200
    shown = credit(call, customer_id)
    assert shown["balance"] == pesos(3_500)
    assert sorted((e["amount"]["amount"], e["reason"], e["actor"]) for e in shown["entries"]) == [
        (-1_500, "Disculpa por la demora", "staff:user-staff"),
        (5_000, "Disculpa por la demora", "staff:user-staff"),
    ]
    before = contents()
    refused = give(call, customer_id, -3_501, key="too-much")
    assert (refused.status, refused.body["guard"]) == (409, "credit-too-low")
    assert give(call, "nobody", 5).status == 404
    assert give(call, customer_id, 5_001).body["type"] == "idempotency-key-reused"
    assert contents() == before


@pytest.mark.capability("D40", "F16")
def test_credit_pays_a_part_and_the_rest_is_due(call: Call, customer: tuple[str, str]) -> None:
    customer_id, token = customer
    give(call, customer_id, 5_000)
    placed = buy(call, token, store_credit=True)
    assert placed.status == 201, placed.text
    assert placed.body["payment"] == "partially_paid"
    order = show(call, placed.body["order_id"])
    assert (order["paid"], order["due"]) == (pesos(5_000), pesos(TOTAL - 5_000))
    assert balance(call, customer_id) == 0
    again = buy(call, token, store_credit=True)
    assert (again.body["order_id"], balance(call, customer_id)) == (placed.body["order_id"], 0)
    paid = command(call, order["order_id"], "mark-paid")
    assert paid.body["result"]["amount"] == pesos(TOTAL - 5_000)
    assert paid.body["order"]["payment"] == "paid"


@pytest.mark.capability("F16")
def test_the_provider_is_asked_for_the_rest_only(call: Call, customer: tuple[str, str], world: World) -> None:
    customer_id, token = customer
    give(call, customer_id, 5_000)
    placed = buy(call, token, payment_method="stripe", store_credit=pesos(2_000)).body
    assert world.bank.payments["pi_0001"].amount == TOTAL - 2_000
    assert balance(call, customer_id) == 3_000
    world.bank.pay("pi_0001")
    assert world.webhook("pi_0001")
    assert world.order(placed["order_id"]).payment == "paid"
    back = refund(call, placed["order_id"], amount=pesos(11_600))
    assert back.status == 200, back.text
    for effect in world.loaded(placed["order_id"]).effects:
        if effect.kind == "payment.refund":
            assert world.settle(placed["order_id"], effect.effect_id)
    assert balance(call, customer_id) == 3_000 + 1_000  # half of each tender
    assert sum(one.amount for one in world.bank.payments["pi_0001"].refunds) == 10_600


@pytest.mark.capability("F16")
def test_store_credit_as_the_method_pays_all_or_nothing(call: Call, customer: tuple[str, str]) -> None:
    customer_id, token = customer
    set_section("payments.store_credit", enabled=True)
    give(call, customer_id, TOTAL - 1)
    before = contents()
    short = buy(call, token, payment_method="store_credit")
    assert (short.status, short.body["guard"]) == (409, "credit-too-low")
    assert buy(call, "", payment_method="store_credit").status == 422
    unchanged = {name: items for name, items in contents().items() if "Settings" not in name}
    assert {name: unchanged[name] for name in unchanged if "Dedupe" not in name} == {
        name: before[name] for name in unchanged if "Dedupe" not in name
    }
    give(call, customer_id, 1, key="the-last-cent")
    placed = buy(call, token, payment_method="store_credit").body
    assert (placed["payment"], balance(call, customer_id)) == ("paid", 0)
    assert "payment_action" not in placed


@pytest.mark.capability("F16", "D07", "G02")
def test_an_order_that_waits_for_the_rest_expires_and_gives_the_credit_back(
    call: Call, customer: tuple[str, str], world: World
) -> None:
    customer_id, token = customer
    give(call, customer_id, 5_000)
    placed = buy(call, token, store_credit=True).body
    assert level()["reserved"] == 3
    for _ in range(3):
        world.clock.on(days=8)
        at = stamp(world.clock())
        wiring.desk().run(
            placed["order_id"], lambda loaded, at=at: judge_deadlines(loaded, at), Origin("system", "t", at)
        )
    order = world.order(placed["order_id"])
    assert (order.lifecycle, order.cancel_reason, order.payment) == ("cancelled", "unpaid", "refunded")
    assert (balance(call, customer_id), level()["reserved"]) == (5_000, 1)


@pytest.mark.capability("F12", "F16")
def test_a_cancelled_order_gives_credit_back_once(call: Call, customer: tuple[str, str]) -> None:
    customer_id, token = customer
    give(call, customer_id, 30_000)
    order_id = buy(call, token, store_credit=True).body["order_id"]
    assert balance(call, customer_id) == 30_000 - TOTAL
    assert command(call, order_id, "cancel", {"reason": "customer"}).status == 200
    assert balance(call, customer_id) == 30_000
    assert refund(call, order_id).body["guard"] == "nothing-to-refund"
    assert [entry["order_id"] for entry in credit(call, customer_id)["entries"]].count(order_id) == 2


@pytest.mark.capability("D40", "F06")
def test_any_refund_may_become_credit(call: Call, customer: tuple[str, str], world: World) -> None:
    customer_id, token = customer
    order_id = buy(call, token).body["order_id"]
    command(call, order_id, "mark-paid")
    done = refund(call, order_id, amount=pesos(8_000), destination="credit").body
    assert (done["result"]["status"], done["order"]["payment"]) == ("executed", "partially_refunded")
    assert balance(call, customer_id) == 8_000
    mails = [e for e in world.loaded(order_id).effects if e.data.get("event") == "refunded"]
    assert [(e.data["amount"], e.data["credit"]) for e in mails] == [(8_000, 8_000)]


@pytest.mark.capability("F16")
def test_a_gift_card_is_told_once_spent_and_disabled(call: Call, world: World) -> None:
    stock_product()
    body = {"amount": pesos(10_000), "reason": "Navidad"}
    made = ask(call, "POST", "/admin/gift-cards", body, headers={"Idempotency-Key": "g1"})
    assert made.status == 201, made.text
    code, card = made.body["code"], f"/admin/gift-cards/{made.body['card_id']}"
    replay = ask(call, "POST", "/admin/gift-cards", body, headers={"Idempotency-Key": "g1"})
    assert (replay.body, replay.headers["idempotent-replay"]) == (made.body, "true")
    assert code not in str(contents())
    placed = buy(call, "", gift_cards=[code.lower().replace("-", " ")]).body
    assert placed["payment"] == "partially_paid"
    assert ask(call, "GET", card).body["balance"] == pesos(0)
    spent = buy(call, "", key="again", gift_cards=[code])
    assert (spent.status, spent.body["errors"][0]["pointer"]) == (422, "/gift_cards/0")
    assert ask(call, "POST", f"{card}/disable").body["state"] == "disabled"
    assert command(call, placed["order_id"], "cancel", {"reason": "customer"}).status == 200
    assert ask(call, "GET", card).body["balance"] == pesos(10_000)
    assert buy(call, "", key="third", gift_cards=[code]).status == 422
    assert ask(call, "POST", f"{card}/enable").body["state"] == "open"
    assert buy(call, "", key="fourth", gift_cards=[code]).status == 201
    assert ask(call, "GET", "/admin/gift-cards/none").status == 404


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"store_credit": True}, "/store_credit"),
        ({"gift_cards": ["NO-SUCH-CARD"]}, "/gift_cards/0"),
        ({"gift_cards": ["A", "a"]}, "/gift_cards"),
    ],
)
def test_what_cannot_be_spent_is_named(call: Call, changes: dict[str, Any], pointer: str) -> None:
    stock_product()
    answer = buy(call, "", **changes)
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, pointer)
    assert level()["reserved"] == 0


def by_phone(call: Call, **body: Any) -> str:
    """A draft of the customer's for two units."""
    set_section("payments.store_credit", enabled=True)
    made: str = draft(call, **(WHOLE | body))["order"]["order_id"]
    return made


REACHED = {"verified": True, "accept_privacy": True}


def test_a_draft_that_credit_pays_spends_it(call: Call, customer: tuple[str, str]) -> None:
    customer_id, _ = customer
    give(call, customer_id, TOTAL + 100)
    order_id = by_phone(call, payment_method="store_credit")
    before = contents()
    refused = command(call, order_id, "place", {"accept_privacy": True})
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/verified")
    assert contents() == before
    order = command(call, order_id, "place", REACHED).body["order"]
    assert (order["payment"], order["due"], balance(call, customer_id)) == ("paid", pesos(0), 100)
    second = by_phone(call, payment_method="store_credit")
    before = contents()
    refused = command(call, second, "place", REACHED)
    assert (refused.status, refused.body["guard"]) == (409, "credit-too-low")
    assert contents() == before
    cancelled = command(call, order_id, "cancel", {"reason": "customer"}).body["order"]
    assert (cancelled["payment"], balance(call, customer_id)) == ("refunded", TOTAL + 100)


@pytest.mark.parametrize(("wish", "spent"), [(True, 5_000), (pesos(2_000), 2_000), (None, 0)])
def test_a_draft_spends_credit_beside_another_method(
    call: Call, customer: tuple[str, str], wish: Any, spent: int
) -> None:
    customer_id, _ = customer
    give(call, customer_id, 5_000)
    order_id = by_phone(call, store_credit=wish)
    assert show(call, order_id)["draft"]["store_credit"] == wish
    order = command(call, order_id, "place", REACHED).body["order"]
    assert (order["paid"], order["due"]) == (pesos(spent), pesos(TOTAL - spent))
    assert [e["amount"] for e in order["ledger"] if e["kind"] == "intent"] == [pesos(TOTAL - spent)]
    assert balance(call, customer_id) == 5_000 - spent


def test_a_gift_card_told_by_telephone_pays_a_part(call: Call, customer: tuple[str, str]) -> None:
    headers = {"Idempotency-Key": "card-1"}
    body = {"amount": pesos(3_200), "reason": "regalo"}
    code = ask(call, "POST", "/admin/gift-cards", body, "admin", headers=headers).body["code"]
    order_id = by_phone(call)
    twice = command(call, order_id, "place", REACHED | {"gift_cards": [code, code]}, key="twice")
    assert (twice.status, twice.body["errors"][0]["pointer"]) == (422, "/gift_cards")
    placed = command(call, order_id, "place", REACHED | {"gift_cards": [code]}, key="once")
    assert placed.body["order"]["due"] == pesos(20_000)


def test_a_quotation_that_credit_pays_spends_it_when_it_is_accepted(
    call: Call, customer: tuple[str, str]
) -> None:
    customer_id, _ = customer
    set_section("payments.store_credit", enabled=True)
    order_id = quoted(call, payment_method="store_credit")["order_id"]
    poor = accept(call, link_of(order_id))
    assert (poor.status, poor.body["guard"]) == (409, "credit-too-low")
    give(call, customer_id, TOTAL)
    assert accept(call, link_of(order_id)).status == 200
    assert (show(call, order_id)["payment"], balance(call, customer_id)) == ("paid", 0)
