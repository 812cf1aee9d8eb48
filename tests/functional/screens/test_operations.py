"""Operations in the back office: what is paused, what failed, and what is done about it."""

import pytest

from comanda import wiring
from functions.order_steps.app import lambda_handler as order_steps
from tests.functional.backbone import Backbone, backbone
from tests.functional.conftest import Call
from tests.functional.exports_world import World
from tests.functional.operations.test_dead_letters import bodies, effect, put
from tests.functional.operations.test_deeds import worked_on
from tests.functional.operations.test_executions import broken
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import set_section
from tests.functional.tables import contents
from tests.functional.test_workflow import failing, placed, verify, waits
from tests.functional.written import in_doubt

__all__ = ["backbone"]
EVIL = '<script>alert("x")</script>'


@pytest.mark.capability("F27")
def test_a_pause_is_made_seen_everywhere_and_ended(world: World) -> None:
    staff = staff_at()
    page = staff.get("/operations/switches")
    assert page.says("Exports to erp")
    done = staff.submit(page, "/switches/exports/erp/pause", reason=f"Server moves {EVIL}")
    after = staff.follow(done)
    assert after.says("Exports to erp: paused.")
    assert after.says("Paused by you:")
    assert EVIL not in after.text
    assert after.says("Server moves")
    colleague = staff_at("admin", language="es")
    elsewhere = colleague.get("/orders")
    assert elsewhere.says("Envíos a erp: en pausa desde")
    assert "/back-office/operations/switches" in elsewhere.text
    room = colleague.get("/operations/switches")
    assert room.says("En pausa por staff")
    ended = colleague.follow(colleague.submit(room, "/switches/exports/erp/resume"))
    assert ended.says("Los lotes que esperaban salen, cada uno una vez.")
    assert not staff.get("/orders").says("paused since")


@pytest.mark.capability("F27")
def test_a_pause_without_a_reason_is_refused_where_it_was_asked_for(aws: None) -> None:
    staff = staff_at()
    page = staff.get("/operations/switches")
    before = contents()
    refused = staff.submit(page, "/switches/payments/stripe/pause", reason="  ")
    assert (refused.status, refused.says("say why")) == (422, True)
    assert staff.post("/operations/switches/payments/stripe/pause", {"reason": "x"}).status == 403
    assert _without_sessions(contents()) == _without_sessions(before)
    assert wiring.pauses().all() == ()


def test_a_dead_letter_is_looked_at_sent_back_and_discarded(aws: None) -> None:
    first = put("MAIL_DEAD_LETTERS", effect("o1", "order_placed"))
    staff = staff_at()
    assert staff.get("/operations/dead-letters").says("Safe: a mail is claimed before it is sent")
    page = staff.get("/operations/dead-letters/mail")
    assert page.says("its order is gone")
    done = staff.submit(page, f"/dead-letters/mail/{first}/replay")
    after = staff.follow(done)
    assert after.says("The message is back in its queue.")
    assert after.says("Nothing was given up here")
    second = put("MAIL_DEAD_LETTERS", f'{{"detail-type": "x", "detail": {{"order_id": "{EVIL}"}}}}')
    third = put("MAIL_DEAD_LETTERS", effect(EVIL, "order_placed"))
    page = staff.get("/operations/dead-letters/mail")
    assert EVIL not in page.text
    refused = staff.submit(page, f"/{second}/discard", reason=" ")
    assert (refused.status, refused.says("say why")) == (422, True)
    gone = staff.follow(staff.submit(page, f"/{second}/discard", reason=f"nobody knows {EVIL}"))
    assert gone.says("The message is discarded.")
    everything = staff.follow(staff.submit(gone, "/dead-letters/mail/replay"))
    assert everything.says("1 message is back in its queue.")
    assert len(bodies("MAIL_QUEUE")) == 2
    assert staff.post(f"/operations/dead-letters/mail/{third}/replay").status == 403


@pytest.mark.capability("G11")
def test_failed_orders_are_found_and_tried_again_together_or_alone(call: Call, backbone: Backbone) -> None:
    order_id = placed(call, backbone)
    backbone.step = failing(5, "approval", RuntimeError(f"the store is away {EVIL}"))
    verify(call, order_id)
    backbone.settle()
    staff = staff_at()
    page = staff.get("/operations/executions")
    assert page.says("failed, waits to be tried again")
    assert page.says("the store is away")
    assert EVIL not in page.text
    one = staff.get(f"/operations/executions/order_lifecycle/{order_id}-1")
    assert one.says("What failed : approval") or one.says("What failed: approval")
    assert f"/operations/executions/order_lifecycle/{order_id}-1" in staff.get(f"/orders/{order_id}").text
    done = staff.submit(page, "/executions/order_lifecycle/redrive", name=f"{order_id}-1")
    assert staff.follow(done).says("1 goes on.")
    backbone.settle()
    assert waits(order_id) == [("approval", 1)]
    nothing = staff.submit(page, "/executions/order_lifecycle/redrive")
    assert (nothing.status, nothing.says("choose at least one")) == (422, True)
    assert staff.get("/operations/executions?state=FAILED").says("No executions in this state")


@pytest.mark.capability("G11")
def test_an_execution_that_ended_is_redriven_on_its_page(call: Call, backbone: Backbone) -> None:
    order_id = placed(call, backbone)
    backbone.step = broken()
    verify(call, order_id)
    backbone.settle()
    backbone.step = order_steps
    staff = staff_at(language="es")
    page = staff.get(f"/operations/executions/order_lifecycle/{order_id}-1")
    assert page.says("the store is away")
    done = staff.follow(staff.submit(page, "/redrive"))
    assert done.says("La ejecución sigue desde el paso que falló.")


@pytest.mark.capability("F27")
def test_a_mail_in_doubt_is_tried_again_or_settled(call: Call) -> None:
    sent = in_doubt(call)
    order_id, effect_id = sent.path.split("/")[3], sent.path.split("/")[5]
    staff = staff_at()
    page = staff.get("/operations/effects")
    assert page.says("nobody knows")
    assert page.says("the connection broke")
    refused = staff.submit(page, f"/{effect_id}/settle", reason=" ")
    assert (refused.status, refused.says("say how")) == (422, True)
    done = staff.submit(page, f"/{effect_id}/settle", reason=f"called her {EVIL}")
    assert staff.follow(done).says("It counts as settled elsewhere.")
    assert staff.get("/operations/effects").says("Nothing is unresolved")
    order = staff.get(f"/orders/{order_id}")
    assert order.says("Settled elsewhere")
    assert EVIL not in order.text


def test_what_failed_outside_is_tried_again_with_its_order(call: Call) -> None:
    sent = in_doubt(call)
    order_id, effect_id = sent.path.split("/")[3], sent.path.split("/")[5]
    staff = staff_at(language="es")
    done = staff.submit(staff.get("/operations/effects"), f"/{effect_id}/retry")
    assert staff.follow(done).says("Se reintenta todo lo que falló de este pedido.")
    found = wiring.outbox().find(order_id, effect_id)
    assert found
    assert found.state == "wanted"


@pytest.mark.capability("F27")
def test_incidents_stand_on_one_page_each_with_its_button_and_its_entry(world: World) -> None:
    staff = staff_at()
    assert staff.get("/operations").says("Nothing is open")
    put("MAIL_DEAD_LETTERS", effect("o1", "order_placed"))
    set_section("notifications", merchant_addresses=["ventas@shop.example"])
    wiring.own_bounces().note("ventas@shop.example", "2026-11-22T10:00:00.000Z", EVIL)
    staff.submit(staff.get("/operations/switches"), "/switches/exports/erp/pause", reason=EVIL)
    page = staff.get("/operations")
    for said in ("Messages that were given up", "Mails to the shop that came back", "What is paused"):
        assert page.says(said)
    assert EVIL not in page.text
    entry = staff.get("/operations/runbook/dead_letters")
    assert entry.says("Sending back is safe")
    assert staff.get("/operations/runbook/nothing").status == 404
    for action, told in (
        ("/dead-letters/mail/replay", "1 message is back in its queue."),
        ("/bounces/ventas@shop.example/seen", "The address is seen to."),
        ("/switches/exports/erp/resume", "Exports to erp: resumed."),
    ):
        assert staff.follow(staff.submit(page, action)).says(told)
    assert staff.get("/operations").says("Nothing is open")
    assert len(bodies("MAIL_QUEUE")) == 1


def test_the_menu_asks_for_the_count_and_gets_a_part_of_a_page(aws: None) -> None:
    staff = staff_at(language="es")
    assert 'hx-get="/back-office/operations/count"' in staff.get("/orders").text
    part = staff.get("/operations/count", hx_request="true", hx_request_type="partial")
    assert part.text.strip() == '<span class="waiting"></span>'
    put("MAIL_DEAD_LETTERS", effect("o1", "order_placed"))
    wiring.incidents().open()
    part = staff.get("/operations/count", hx_request="true", hx_request_type="partial")
    assert part.says("1")
    assert "1 incidente abierto" in part.text
    assert "<html" not in part.text


@pytest.mark.capability("C16")
def test_who_did_what_is_shown_to_administrators(call: Call) -> None:
    order_id = worked_on(call)
    staff = staff_at()
    staff.submit(staff.get("/operations/switches"), "/payments/stripe/pause", reason=EVIL)
    admin = staff_at("admin")
    page = admin.get("/operations/audit")
    assert page.says("Put on hold") or page.says("Hold")
    assert f"/back-office/orders/{order_id}" in page.text
    assert admin.get(f"/operations/audit?order={order_id}&actor=staff:nobody").says("Nothing found here")
    assert admin.get("/operations/audit?kind=operations").says("payments:stripe")
    assert EVIL not in admin.get("/operations/audit?kind=operations").text
    assert admin.get("/operations/audit?from=2020-01-01&to=2020-01-02").says("Nothing found here")
    assert admin.get("/operations/audit?from=yesterday").status == 422
    assert staff_at().get("/operations/audit").status == 403
    assert "/operations/audit" not in staff_at().get("/operations").text


def _without_sessions(found: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: items for name, items in found.items() if name != "SessionsTable"}
