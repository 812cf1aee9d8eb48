"""The customer is asked to accept a change, answers on a page, and pays the difference."""

from datetime import timedelta
from typing import Any

import pytest

from comanda import wiring
from comanda.orders.facts import Origin
from comanda.times import stamp
from comanda.workflow.judge import deadline
from comanda.workflow.timeouts import judge_deadlines
from tests.functional.conftest import Answer, Call
from tests.functional.edits import OTHER_ADDRESS, an_order, mxn, opened, texts, then
from tests.functional.mails import effects, letters, queued
from tests.functional.shop import level, place, set_section
from tests.functional.staff import command, show
from tests.functional.tables import contents
from tests.functional.test_order_edits import truthful
from tests.functional.test_pages import BROWSER, FORM

ADD = {"type": "add", "sku": "TAZA-1", "quantity": 2}


def link(order_id: str) -> str:
    """The token of the newest proposal's link."""
    asked = [e for e in wiring.desk().load(order_id).effects if e.data.get("asks")]
    mark = max(asked, key=lambda effect: effect.revision).data["links"]["edit"]
    token = wiring.keys().link_with_hash("edit", order_id, mark["serial"], mark["hash"])
    assert token
    return token


def offered(call: Call, *actions: dict[str, Any], message: str = "", **changes: Any) -> tuple[str, str]:
    """An order with a proposed change, and the token of its link."""
    order_id = an_order(call, **changes)
    opened(call, order_id, *(actions or (ADD,)))
    answer = then(call, order_id, "request-acceptance", {"message": message})
    assert answer.status == 200, answer.text
    assert answer.body["result"]["edit_id"] == "e1"
    return order_id, link(order_id)


def say(call: Call, token: str, decision: str, **more: Any) -> Answer:
    return call("accept_edit", "POST", "/accept-edit", {"token": token, "decision": decision}, **more)


def later(monkeypatch: pytest.MonkeyPatch, **passed: int) -> None:
    then_ = wiring.now() + timedelta(**passed)
    monkeypatch.setattr(wiring, "now", lambda: then_)


@pytest.mark.capability("F03")
def test_the_customer_looks_accepts_and_pays_the_difference(call: Call) -> None:
    order_id, token = offered(call, message="La taza grande ya llegó")
    before = contents()
    shown = call("accept_edit", "GET", "/accept-edit", headers=BROWSER, query={"token": token})
    assert shown.status == 200, shown.text
    for said in ("La tienda te propone un cambio", "La taza grande ya llegó", "Café TAZA-1", "$116.00 más"):
        assert said in shown.text
    assert contents() == before  # looking changes nothing, and no stock is held
    done = call("accept_edit", "POST", "/accept-edit", f"token={token}&decision=accept", headers=FORM)
    assert done.status == 200, done.text
    assert "Aceptaste el cambio" in done.text
    assert "Pagar mi pedido" in done.text
    order = show(call, order_id)
    assert [line["sku"] for line in order["lines"]] == ["CAFE-1", "TAZA-1"]
    assert level("TAZA-1")["reserved"] == 2
    assert [fact["actor"] for fact in order["history"] if fact["type"] == "EditConfirmed"] == ["customer"]
    assert order["due"] == mxn(2 * 11600 + 2 * 5800)
    access = wiring.keys().access(order_id, wiring.desk().load(order_id).order.token_version)
    path, seen = f"/orders/{order_id}", {"Authorization": f"Bearer {access}"}
    customers = call("customer_order", "GET", path, headers=seen).body
    assert customers["totals"]["total"] == mxn(2 * 11600 + 2 * 5800)
    assert customers["payment_action"]["type"] == "instructions"
    assert "Aceptaste el cambio del pedido." in [one["text"] for one in customers["history"]]
    again = say(call, token, "accept")
    assert (again.status, again.body["type"]) == (410, "link-used")
    truthful(order_id)


@pytest.mark.capability("F03")
def test_the_program_gets_the_answer_as_json_once_per_key(call: Call) -> None:
    order_id, token = offered(call)
    done = say(call, token, "accept", headers={"Idempotency-Key": "k"})
    assert done.status == 200, done.text
    assert (done.body["order_id"], done.body["decision"]) == (order_id, "accept")
    assert done.body["difference"] == mxn(11600) | {"which": "due"}
    assert done.body["totals"]["total"] == mxn(2 * 11600 + 2 * 5800)
    assert say(call, token, "accept", headers={"Idempotency-Key": "k"}).body == done.body


@pytest.mark.capability("F03")
def test_a_declined_proposal_leaves_the_order_as_it_was(call: Call) -> None:
    order_id, token = offered(call, ADD, {"type": "address", "address": OTHER_ADDRESS})
    before = show(call, order_id)
    done = call(
        "accept_edit", "POST", "/accept-edit", f"token={token}&decision=decline&reason=Muy+caro", headers=FORM
    )
    assert done.status == 200, done.text
    assert "queda como estaba" in done.text
    after = show(call, order_id)
    for name in ("lines", "totals", "addresses", "ledger", "payment"):
        assert after[name] == before[name]
    assert after["edit"] is None
    assert texts(order_id)["note:e1:declined"] == "Muy caro"
    assert level("TAZA-1")["reserved"] == 0
    assert say(call, token, "accept").body["type"] == "link-used"
    truthful(order_id)


@pytest.mark.capability("F03")
def test_what_staff_decided_meanwhile_is_not_decided_again(call: Call) -> None:
    order_id, token = offered(call)
    assert then(call, order_id, "confirm").status == 200  # on the telephone
    before = contents()
    assert say(call, token, "decline").body["type"] == "link-used"
    looked = call("accept_edit", "GET", "/accept-edit", headers=BROWSER, query={"token": token})
    assert looked.status == 410
    assert contents() == before


@pytest.mark.capability("F03", "G06")
def test_a_proposal_that_the_order_has_left_behind_holds_no_more(call: Call) -> None:
    order_id, token = offered(call)
    command(call, order_id, "hold", {"reason": "manual"})
    before = contents()
    answer = say(call, token, "accept")
    assert (answer.status, answer.body["type"]) == (410, "link-expired")
    assert contents() == before


@pytest.mark.capability("F03", "D21")
def test_stock_that_went_meanwhile_is_told_and_nothing_changes(call: Call) -> None:
    _, token = offered(call)
    place(call, "key-2", lines=[{"sku": "TAZA-1", "quantity": 4}])
    before = contents()
    answer = say(call, token, "accept")
    assert (answer.status, answer.body["type"]) == (409, "out-of-stock")
    page = call("accept_edit", "POST", "/accept-edit", f"token={token}&decision=accept", headers=FORM)
    assert "No hay existencias suficientes" in page.text
    assert contents() == before


@pytest.mark.capability("F03")
def test_a_proposal_lapses_after_the_time_that_the_shop_gives(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_section("checkout", edit_seconds=3600)
    order_id, token = offered(
        call, ADD, {"type": "address", "address": OTHER_ADDRESS}, payment_method="request"
    )
    order = wiring.desk().load(order_id).order
    assert order.edit is not None
    assert deadline(order) == order.edit.asked_until
    later(monkeypatch, hours=2)
    assert say(call, token, "accept").body["type"] == "link-expired"
    now = stamp(wiring.now())
    wiring.desk().run(order_id, lambda loaded: judge_deadlines(loaded, now), Origin("system", "sweep", now))
    loaded = wiring.desk().load(order_id)
    assert loaded.order.edit is None
    assert "edit:e1:shipping" not in loaded.personal
    assert [fact.type for fact in wiring.orders().facts(order_id)][-1] == "EditExpired"


@pytest.mark.capability("F03", "D36")
def test_the_former_customer_is_not_asked_about_another_one(call: Call) -> None:
    order_id = an_order(call)
    opened(call, order_id, {"type": "customer", "customer": {"email": "luis@example.com", "name": "Luis"}})
    before = contents()
    answer = then(call, order_id, "request-acceptance")
    assert (answer.status, answer.body["guard"]) == (409, "customer-changes")
    assert contents() == before


def posted(order_id: str, effect_id: str) -> str:
    """The plain text of a mail, sent by the mail function."""
    from functions.send_mail.app import lambda_handler

    detail = {"order_id": order_id, "effect_id": effect_id, "kind": "mail"}
    assert lambda_handler(queued(detail), None)["batchItemFailures"] == []
    body = letters()[-1].get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.mark.capability("F03", "D35")
def test_the_mails_show_the_proposed_and_then_the_changed_order(call: Call) -> None:
    moved = {"type": "address", "address": OTHER_ADDRESS}
    order_id, token = offered(call, ADD, moved, message="¿Te parece?")
    asked = next(e for e in wiring.desk().load(order_id).effects if e.data.get("asks"))
    proposal = posted(order_id, asked.effect_id)
    for said in ("acepta un cambio", "¿Te parece?", "2 × Café TAZA-1", "Monterrey", "/accept-edit?token="):
        assert said in proposal or said in str(letters()[-1]["Subject"])
    assert say(call, token, "accept").status == 200
    told = posted(order_id, "mail-order_edited-e1")
    for said in ("La tienda modificó tu pedido", "$348.00", "2 × Café TAZA-1", "Monterrey"):
        assert said in told


@pytest.mark.capability("F03")
def test_nobody_is_told_of_a_change_when_staff_say_so(call: Call) -> None:
    order_id = an_order(call)
    opened(call, order_id, ADD)
    assert then(call, order_id, "confirm", {"notify": False}).status == 200
    assert "order_edited" not in effects(order_id)
