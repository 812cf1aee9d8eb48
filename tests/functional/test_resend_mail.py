"""A mail is sent once more by a person's decision: which, to whom, and never twice unnoticed."""

from typing import Any

import pytest

from comanda import wiring
from functions.send_mail.app import lambda_handler
from tests.functional.conftest import Call
from tests.functional.histories import done
from tests.functional.mails import letters, outbox, queued
from tests.functional.screens.order_page import at
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import place, stock_product
from tests.functional.staff import approved, command, show
from tests.functional.tables import contents

pytestmark = pytest.mark.capability("C20")
FIRST = "mail-order_approved"


@pytest.fixture
def order_id(call: Call) -> str:
    """Approved, and its customer was told."""
    stock_product()
    outbox().clear()
    placed = str(place(call)["order_id"])
    approved(call, placed)
    deliver(placed, FIRST)
    outbox().clear()
    return placed


def deliver(order_id: str, effect_id: str) -> None:
    """Hand one mail to its function."""
    answer = lambda_handler(queued({"order_id": order_id, "effect_id": effect_id}), None)
    assert answer == {"batchItemFailures": []}


def state(order_id: str, effect_id: str) -> str:
    found = wiring.outbox().find(order_id, effect_id)
    return found.state if found else ""


def refused(call: Call, order_id: str, mail: str, guard: str, status: int = 409) -> None:
    version = show(call, order_id)["version"]
    before = contents()
    answer = command(call, order_id, "resend-mail", {"mail": mail}, key=f"{mail}-{guard}", version=version)
    assert (answer.status, answer.body.get("guard", "")) == (status, guard), answer.text
    assert contents() == before


def test_the_same_words_go_to_the_present_address(call: Call, order_id: str) -> None:
    told = done(call, order_id, "resend-mail", {"mail": FIRST})
    assert told["result"] == {"mail": f"{FIRST}-again1"}
    refused(call, order_id, FIRST, "mail-under-way")
    deliver(order_id, f"{FIRST}-again1")
    (letter,) = letters()
    assert "ana@example.com" in str(letter["to"])
    assert show(call, order_id)["history"][-1]["type"] == "MailsWantedAgain"


def test_the_same_request_sends_one_mail(call: Call, order_id: str) -> None:
    version = show(call, order_id)["version"]
    for _ in range(2):
        answer = command(call, order_id, "resend-mail", {"mail": FIRST}, key="once", version=version)
        assert answer.body["result"] == {"mail": f"{FIRST}-again1"}
    copies = [one for one in show(call, order_id)["conversation"] if "again" in one["effect_id"]]
    assert len(copies) == 1
    deliver(order_id, f"{FIRST}-again1")
    assert done(call, order_id, "resend-mail", {"mail": f"{FIRST}-again1"})["result"]["mail"] == (
        f"{FIRST}-again2"
    )


def test_what_cannot_go_again_says_why(call: Call, order_id: str) -> None:
    refused(call, order_id, "nobody", "", 404)
    (asks,) = [one for one in show(call, order_id)["conversation"] if one["event"] == "verification"]
    refused(call, order_id, asks["effect_id"], "mail-has-own-way")
    refused(call, order_id, "mail-order_placed", "mail-under-way")
    wiring.outbox().skip(order_id, "mail-order_placed", "taken back")
    refused(call, order_id, "mail-order_placed", "mail-not-sent")


def test_what_was_told_of_a_moment_is_told_of_that_moment(call: Call, order_id: str) -> None:
    done(call, order_id, "mark-paid", {"amount": {"amount": 10_000, "currency": "MXN"}})
    (first,) = [one for one in show(call, order_id)["conversation"] if one["event"] == "payment_received"]
    deliver(order_id, first["effect_id"])
    done(call, order_id, "mark-paid")
    name = done(call, order_id, "resend-mail", {"mail": first["effect_id"]})["result"]["mail"]
    outbox().clear()
    deliver(order_id, name)
    (letter,) = letters()
    assert "132.00" in str(letter)  # what was left to pay then


def test_staff_see_which_mail_and_to_whom_before_it_goes(call: Call, order_id: str) -> None:
    staff = staff_at()
    page = at(staff, order_id)
    assert f"do=resend-mail&amp;mail={FIRST}" in page.text
    form: Any = staff.get(f"/orders/{order_id}?do=resend-mail&mail={FIRST}")
    assert form.says("It goes to ana@example.com, the order's present address.")
    assert form.says("It was sent before: it arrives a second time.")
    sent = staff.submit(form, "/resend-mail")
    assert staff.follow(sent).says("is sent once more.")
    assert state(order_id, f"{FIRST}-again1") == "wanted"
    again = staff.submit(form, "/resend-mail")  # the same form, pressed twice
    assert again.status == 303
    assert state(order_id, f"{FIRST}-again2") == ""
