"""Staff give money back, through the real handlers, to a card and by hand."""

from typing import Any

import pytest

from tests.functional.conftest import Call
from tests.functional.payments.world import World
from tests.functional.shop import place, stock_product
from tests.functional.staff import ask, command, show
from tests.functional.tables import contents

TOTAL = 23_200


def card(call: Call, world: World, **changes: Any) -> str:
    """An order for two units, paid by card."""
    stock_product()
    order_id: str = place(call, payment_method="stripe", **changes)["order_id"]
    world.bank.pay("pi_0001")
    assert world.webhook("pi_0001")
    return order_id


def transfer(call: Call) -> str:
    stock_product()
    order_id: str = place(call)["order_id"]
    assert command(call, order_id, "mark-paid", {"reference": "SPEI 1"}).status == 200
    return order_id


def pesos(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "MXN"}


def refund(call: Call, order_id: str, **body: Any) -> Any:
    return command(call, order_id, "refund", {"reason": "customer"} | body)


def settle(world: World, order_id: str) -> None:
    """The worker carries out every refund that is wanted."""
    for effect in world.loaded(order_id).effects:
        if effect.kind == "payment.refund" and effect.state == "wanted":
            assert world.settle(order_id, effect.effect_id)


@pytest.mark.capability("F06", "C20")
def test_a_line_goes_back_to_the_card_and_the_customer_is_told_when_it_has(call: Call, world: World) -> None:
    order_id = card(call, world)
    line = show(call, order_id)["lines"][0]["line_id"]
    answer = refund(call, order_id, lines=[{"line_id": line, "quantity": 1}], execute=True)
    assert answer.status == 200, answer.text
    result = answer.body["result"]
    assert result == {
        "refund_id": result["refund_id"],
        "granted": pesos(11_600),
        "executed": pesos(0),
        "status": "pending",
    }
    assert (answer.body["order"]["payment"], world.mails(order_id).count("refunded")) == ("paid", 0)
    settle(world, order_id)
    order = show(call, order_id)
    assert (order["payment"], order["paid"], order["due"]) == ("partially_refunded", pesos(11_600), pesos(0))
    (shown,) = order["refunds"]
    assert (shown["status"], shown["executed"], shown["reason"]) == ("executed", pesos(11_600), "customer")
    assert shown["lines"] == [
        {
            "line_id": line,
            "quantity": 1,
            "amount": pesos(11_600),
            "tax": pesos(1_600),
            "discount": pesos(0),
        }
    ]
    assert world.mails(order_id).count("refunded") == 1
    assert [one.amount for one in world.bank.payments["pi_0001"].refunds] == [11_600]
    assert refund(call, order_id).status == 200
    settle(world, order_id)
    assert show(call, order_id)["payment"] == "refunded"
    assert sum(one.amount for one in world.bank.payments["pi_0001"].refunds) == TOTAL


@pytest.mark.capability("F06")
def test_granted_now_executed_later_or_taken_back(call: Call) -> None:
    order_id = transfer(call)
    granted = refund(call, order_id, amount=pesos(5_000), execute=False, note="Llegó rota").body
    refund_id = granted["result"]["refund_id"]
    assert granted["result"]["status"] == "granted"
    assert granted["order"]["payment"] == "paid"
    assert granted["order"]["refunds"][0]["note"] == "Llegó rota"
    done = command(call, order_id, f"refunds/{refund_id}/execute").body
    assert done["result"] == {
        "refund_id": refund_id,
        "granted": pesos(5_000),
        "executed": pesos(5_000),
        "status": "executed",
    }
    assert done["order"]["payment"] == "partially_refunded"
    again = command(call, order_id, f"refunds/{refund_id}/execute")
    assert (again.status, again.body["guard"]) == (409, "refund-executed")
    other = refund(call, order_id, amount=pesos(1_000), execute=False).body["result"]["refund_id"]
    withdrawn = command(call, order_id, f"refunds/{other}/withdraw").body
    assert withdrawn["result"]["status"] == "withdrawn"
    assert command(call, order_id, f"refunds/{other}/execute").body["guard"] == "refund-withdrawn"
    types = [fact["type"] for fact in show(call, order_id)["history"]]
    assert types.count("RefundGranted") == 2
    assert types.count("RefundExecuted") == types.count("RefundWithdrawn") == 1


@pytest.mark.capability("F06", "G05")
def test_words_of_a_reason_stay_out_of_the_history(call: Call) -> None:
    order_id = transfer(call)
    assert refund(call, order_id, amount=pesos(1), reason="Ana llamó molesta").status == 200
    order = show(call, order_id)
    assert (order["refunds"][0]["reason"], order["refunds"][0]["note"]) == ("other", "Ana llamó molesta")
    assert "Ana" not in str([fact["data"] for fact in order["history"]])


@pytest.mark.parametrize(
    ("body", "status", "what"),
    [
        ({"amount": pesos(TOTAL + 10_001)}, 409, "refund-exceeds-payment"),
        ({"amount": {"amount": 5, "currency": "USD"}}, 422, "/amount/currency"),
        ({"amount": pesos(0)}, 422, "/amount/amount"),
        ({"lines": []}, 422, "/lines"),
        ({"lines": [{"sku": "NO-1", "quantity": 1}]}, 422, "/lines/0/sku"),
        ({"lines": [{"sku": "CAFE-1", "quantity": 3}]}, 409, "refund-exceeds-line"),
        ({"lines": [{"sku": "CAFE-1", "quantity": 1}], "amount": pesos(5)}, 422, "/amount"),
        ({"shipping": pesos(1), "amount": pesos(1)}, 409, "refund-exceeds-shipping"),
        ({"destination": "moon"}, 422, "/destination"),
        ({"reason": " "}, 422, "/reason"),
    ],
)
@pytest.mark.capability("G05")
def test_a_refusal_changes_nothing(call: Call, body: dict[str, Any], status: int, what: str) -> None:
    order_id = transfer(call)
    before = contents()
    answer = refund(call, order_id, **body)
    told = answer.body.get("guard") or answer.body["errors"][0]["pointer"]
    assert (answer.status, told) == (status, what)
    assert contents() == before


def test_without_money_there_is_nothing_to_give_back(call: Call) -> None:
    stock_product()
    order_id = place(call)["order_id"]
    answer = refund(call, order_id)
    assert (answer.status, answer.body["guard"]) == (409, "nothing-to-refund")


@pytest.mark.capability("F09")
def test_the_same_key_gives_back_once(call: Call) -> None:
    order_id = transfer(call)
    version = show(call, order_id)["version"]
    body = {"reason": "goodwill", "amount": pesos(700)}
    first = command(call, order_id, "refund", body, key="k", version=version)
    again = command(call, order_id, "refund", body, key="k", version=version)
    assert again.body == first.body
    assert again.headers["idempotent-replay"] == "true"
    other = command(call, order_id, "refund", body | {"amount": pesos(701)}, key="k")
    assert (other.status, other.body["type"]) == (422, "idempotency-key-reused")
    stale = command(call, order_id, "refund", body, key="k2", version=version)
    assert stale.status == 412
    assert show(call, order_id)["paid"] == pesos(TOTAL - 700)


@pytest.mark.capability("F06")
def test_a_refusing_bank_is_seen_and_the_refund_made_again(call: Call, world: World) -> None:
    order_id = card(call, world)
    refund_id = refund(call, order_id, amount=pesos(2_000)).body["result"]["refund_id"]
    under_way = command(call, order_id, f"refunds/{refund_id}/withdraw")
    assert (under_way.status, under_way.body["guard"]) == (409, "refund-under-way")
    world.bank.refusing = "charge_disputed"
    settle(world, order_id)
    order = show(call, order_id)
    assert (order["refunds"][0]["status"], order["label"]) == ("failed", "error")
    assert order["payment"] == "paid"
    full = refund(call, order_id, amount=pesos(TOTAL))
    assert full.body["guard"] == "refund-exceeds-payment"  # what failed is still granted
    world.bank.refusing = ""
    assert command(call, order_id, "retry").status == 200
    settle(world, order_id)
    order = show(call, order_id)
    assert (order["refunds"][0]["status"], order["payment"]) == ("executed", "partially_refunded")
    assert world.mails(order_id).count("refunded") == 1


def test_a_retry_makes_no_refund_that_was_withdrawn(call: Call, world: World) -> None:
    order_id = card(call, world)
    refund_id = refund(call, order_id, amount=pesos(2_000)).body["result"]["refund_id"]
    world.bank.refusing = "charge_disputed"
    settle(world, order_id)
    assert command(call, order_id, f"refunds/{refund_id}/withdraw").status == 200
    world.bank.refusing = ""
    assert command(call, order_id, "retry").status == 200
    settle(world, order_id)
    assert world.bank.payments["pi_0001"].refunds == ()
    assert show(call, order_id)["payment"] == "paid"


@pytest.mark.capability("F05", "F16")
def test_several_tenders_get_back_their_shares(call: Call, world: World) -> None:
    """Two transfers that come to too much: `overpaid` until the rest has gone back."""
    stock_product()
    order_id = place(call)["order_id"]
    assert command(call, order_id, "mark-paid", {"amount": pesos(10_000)}).body["order"]["payment"] == (
        "partially_paid"
    )
    answer = command(call, order_id, "mark-paid", {"amount": pesos(20_001)})
    assert answer.body["order"]["payment"] == "overpaid"
    back = refund(call, order_id, amount=pesos(30_001 - TOTAL), reason="overpaid").body
    assert (back["order"]["payment"], back["order"]["due"]) == ("paid", pesos(0))
    parts = [e["amount"]["amount"] for e in back["order"]["ledger"] if e["kind"] == "refund"]
    assert sorted(parts) == [2_267, 4_534]


def test_a_picker_gives_nothing_back(call: Call) -> None:
    order_id = transfer(call)
    headers = {"If-Match": '"1"', "Idempotency-Key": "k"}
    answer = ask(call, "POST", f"/admin/orders/{order_id}/refund", {}, role="picker", headers=headers)
    assert answer.status == 403
