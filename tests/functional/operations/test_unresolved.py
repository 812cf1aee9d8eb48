"""Outside effects that wait for a person: listed by their own index, tried again, or settled elsewhere."""

from typing import Any

import pytest

from comanda import wiring
from tests.functional.conftest import Answer, Call
from tests.functional.mails import effects
from tests.functional.payments.test_refunds import card, refund, settle
from tests.functional.payments.world import Clock, World
from tests.functional.shop import place, stock_product
from tests.functional.staff import ask, command, show
from tests.functional.tables import contents
from tests.payments.fake import FakeProvider

PATH = "/admin/operations/effects"
pytestmark = pytest.mark.capability("F27")


@pytest.fixture
def bank(aws: None, monkeypatch: pytest.MonkeyPatch) -> World:
    clock = Clock()
    provider = FakeProvider(now=clock)
    monkeypatch.setattr(wiring, "now", clock)
    monkeypatch.setattr(wiring, "provider", lambda code: provider)
    return World(provider, clock)


def listed(call: Call, **query: str) -> list[dict[str, Any]]:
    answer = ask(call, "GET", PATH, query=query)
    assert answer.status == 200, answer.text
    items: list[dict[str, Any]] = answer.body["items"]
    return items


def refused(call: Call, bank: World) -> tuple[str, str]:
    """An order whose refund of 50.00 its provider refuses; its id and the effect's."""
    order_id = card(call, bank)
    bank.bank.refusing = "charge_disputed"
    refund(call, order_id, amount={"amount": 5_000, "currency": "MXN"}, execute=True)
    settle(bank, order_id)
    bank.bank.refusing = ""
    (effect,) = [e for e in bank.loaded(order_id).effects if e.kind == "payment.refund"]
    assert effect.state == "failed"
    return order_id, effect.effect_id


def ended(call: Call, order_id: str, effect_id: str, reason: str = "by bank transfer", **more: Any) -> Answer:
    return command(call, order_id, f"effects/{effect_id}/settle", {"reason": reason}, **more)


def test_a_refund_that_was_refused_is_listed_with_its_reason(call: Call, bank: World) -> None:
    assert listed(call) == []
    order_id, effect_id = refused(call, bank)
    (seen,) = listed(call)
    assert (seen["order_id"], seen["effect_id"], seen["state"]) == (order_id, effect_id, "failed")
    assert (seen["amount"], seen["reason"]) == ({"amount": 5_000, "currency": "MXN"}, "charge_disputed")
    assert seen["order_number"] == show(call, order_id)["number"]


def test_what_is_tried_again_leaves_the_list_and_counts_once(call: Call, bank: World) -> None:
    order_id, _ = refused(call, bank)
    assert command(call, order_id, "retry").status == 200
    assert listed(call) == []
    settle(bank, order_id)
    assert show(call, order_id)["payment"] == "partially_refunded"
    assert listed(call) == []


def test_a_refund_settled_elsewhere_counts_as_given_back_once(call: Call, bank: World) -> None:
    order_id, effect_id = refused(call, bank)
    assert bank.order(order_id).open_holds
    answer = ended(call, order_id, effect_id)
    assert answer.status == 200, answer.text
    assert answer.body["order"]["payment"] == "partially_refunded"
    assert bank.order(order_id).open_holds == ()
    assert listed(call) == []
    assert bank.effect(order_id, effect_id).state == "done"
    assert ended(call, order_id, effect_id).status == 409
    bank.webhook("pi_0001")  # the provider knows nothing of it, and nothing is counted twice
    refunds = [e for e in bank.order(order_id).ledger if e.kind == "refund" and e.status == "ok"]
    assert [e.amount for e in refunds] == [5_000]


def test_a_repeat_of_the_same_request_is_answered_alike(call: Call, bank: World) -> None:
    order_id, effect_id = refused(call, bank)
    version = show(call, order_id)["version"]
    first = ended(call, order_id, effect_id, key="k1", version=version)
    again = ended(call, order_id, effect_id, key="k1", version=version)
    assert (again.status, again.headers.get("idempotent-replay")) == (200, "true")
    assert again.body["result"] == first.body["result"]


def test_a_mail_in_doubt_is_settled_and_not_sent(call: Call) -> None:
    stock_product()
    order_id = str(place(call)["order_id"])
    mail = effects(order_id)["verification"]
    claim = wiring.outbox().claim(order_id, mail.effect_id, at="2030-01-01T00:00:00.000Z")
    assert claim
    wiring.outbox().doubt(order_id, claim, "the connection broke")
    (seen,) = listed(call)
    assert (seen["kind"], seen["event"], seen["state"]) == ("mail", "verification", "unknown")
    assert ended(call, order_id, mail.effect_id, "told by telephone").status == 200
    assert listed(call) == []
    assert effects(order_id)["verification"].state == "done"
    assert "EffectSettledElsewhere" in [fact["type"] for fact in show(call, order_id)["history"]]


def test_pages_follow_each_other_and_none_is_read_twice(call: Call) -> None:
    stock_product(units=100)
    for number in range(3):
        order_id = str(place(call, f"order-{number}")["order_id"])
        for mail in effects(order_id).values():
            wiring.outbox().fail(order_id, mail.effect_id, "no such mailbox")
    seen, cursor = [], ""
    while True:
        page = ask(call, "GET", PATH, query={"limit": "2", **({"cursor": cursor} if cursor else {})}).body
        seen += [(one["order_id"], one["effect_id"]) for one in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) > 2
    assert ask(call, "GET", PATH, query={"cursor": "nonsense"}).status == 400


def test_a_refusal_changes_nothing(call: Call, bank: World) -> None:
    order_id, effect_id = refused(call, bank)
    sent = next(e for e in bank.loaded(order_id).effects if e.kind == "payment.start")
    before = contents()
    assert ended(call, order_id, effect_id, "").status == 422
    assert ended(call, order_id, "nothing").status == 404
    assert ended(call, order_id, sent.effect_id).status == 409
    assert ended(call, order_id, effect_id, role="picker").status == 403
    assert ended(call, order_id, effect_id, version=1).status == 412
    assert ended(call, order_id, effect_id, key=None).status == 400
    assert contents() == before
