"""Operations in the back office: what is paused, what failed, and what is done about it."""

import pytest

from comanda import wiring
from tests.functional.exports_world import World
from tests.functional.operations.test_dead_letters import bodies, effect, put
from tests.functional.screens.visitor import staff_at
from tests.functional.tables import contents

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
    assert room.says("En pausa por un colega")
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


def _without_sessions(found: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: items for name, items in found.items() if name != "SessionsTable"}
