"""Exports in the back office: what was sent, what failed and why, and having it sent again."""

import json

import pytest

from comanda.exports.model import State
from comanda.exports.requests import request_run
from tests.functional.exports_world import World
from tests.functional.screens.visitor import staff_at

pytestmark = pytest.mark.capability("A18", "G11")


def sent(world: World, **asked: object) -> str:
    batch_id = request_run("erp", world.at, requested_by="staff:1", **asked)  # type: ignore[arg-type]
    world.work_off()
    return batch_id


def test_new_orders_are_sent_by_a_button_once_though_it_is_pressed_twice(world: World) -> None:
    world.place("o1")
    staff = staff_at()
    page = staff.get("/exports")
    assert page.says("erp")
    done = staff.submit(page, "/exports/send/erp")
    again = staff.submit(page, "/exports/send/erp")
    assert done.location == again.location
    world.work_off()
    after = staff.follow(done)
    assert after.says("delivered")
    assert after.says("New orders are on their way to erp.")
    assert len(world.inbox.files()) == 1


def test_the_file_comes_as_it_was_sent(world: World) -> None:
    world.place("o1")
    batch_id = sent(world)
    seen = staff_at().get(f"/exports/{batch_id}/file")
    assert seen.text == next(iter(world.inbox.files().values())).decode()
    assert world.batch(batch_id).file_name in seen.headers["content-disposition"]


def test_a_file_is_sent_again_byte_for_byte(world: World) -> None:
    world.place("o1")
    batch_id = sent(world)
    (name, before), staff = next(iter(world.inbox.files().items())), staff_at()
    world.inbox.remove(name)
    page = staff.get(f"/exports/{batch_id}")
    assert page.says("byte for byte")
    done = staff.submit(page, "/resend")
    world.work_off()
    assert world.inbox.files() == {name: before}
    assert staff.follow(done).says("Sent again")


def test_a_failure_says_what_and_what_now(world: World) -> None:
    world.place("o1")
    world.inbox.lose_directory()
    batch_id = sent(world)
    assert world.batch(batch_id).state == State.FAILED
    page = staff_at(language="es").get(f"/exports/{batch_id}")
    assert page.says("No se logró al enviarlo")
    assert page.says("Cuando la causa esté corregida")
    assert staff_at().get("/exports").says("failed")


def test_orders_that_were_left_out_are_named_with_the_reason(world: World) -> None:
    world.place("o1")
    sent(world)
    batch_id = sent(world, order_ids=["o1", "o9"])
    page = staff_at().get(f"/exports/{batch_id}")
    assert page.says("The destination has it in this version already.")
    assert page.says("There is no such order.")


def test_a_batch_under_way_is_not_sent_again(world: World) -> None:
    world.place("o1")
    batch_id = request_run("erp", world.at, requested_by="staff:1")
    before = json.dumps(world.batch(batch_id).to_dict(), sort_keys=True)
    staff = staff_at()
    page = staff.get("/exports")
    assert "hx-trigger" in page.text  # it looks again by itself
    refused = staff.post(f"/exports/{batch_id}/resend", {"_csrf": page.form("/exports/send/erp")["_csrf"]})
    assert refused.status == 409
    assert json.dumps(world.batch(batch_id).to_dict(), sort_keys=True) == before


def test_without_a_destination_the_page_says_what_to_do(aws: None) -> None:
    page = staff_at(language="es").get("/exports")
    assert page.says("Aún no hay destino")


def test_without_the_forms_token_nothing_is_sent(world: World) -> None:
    world.place("o1")
    assert staff_at().post("/exports/send/erp").status == 403
    world.work_off()
    assert world.inbox.files() == {}
