"""The inbox of partners' notices in the back office: what came, what became of it, and once more."""

import os

import boto3
import pytest

from functions.apply_carrier_event.app import lambda_handler as apply_handler
from tests.functional.conftest import Call
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import stock_product
from tests.functional.test_carrier_webhooks import arrive, outcomes, report, shipped

pytestmark = pytest.mark.capability("G11")


def test_notices_are_shown_with_what_became_of_them(call: Call) -> None:
    stock_product()
    order_id = shipped(call, "7941")
    arrive(call, report("7941", ("delivered", "15:00"), event_id="evt_1"))
    arrive(call, report("9999", ("delivered", "15:00"), event_id="evt_2"))
    staff = staff_at()
    page = staff.get("/inbox")
    assert page.says("applied")
    assert page.says("not ours")
    assert f"/back-office/orders/{order_id}" in page.text
    assert not staff.get("/inbox?state=failed").says("evt_")
    assert staff.get("/inbox?state=failed").says("No notices in this state")
    assert "evt_2" in staff.get("/inbox?state=ignored").text
    assert "evt_1" not in staff.get("/inbox?state=ignored").text


def test_a_notice_is_judged_once_more(call: Call) -> None:
    stock_product()
    arrive(call, report("7943", ("delivered", "15:00"), event_id="evt_early"))
    shipped(call, "7943")
    staff = staff_at()
    done = staff.submit(staff.get("/inbox"), "/inbox/easypost.evt_early/replay")
    assert staff.follow(done).says("judged once more")
    messages = boto3.client("sqs").receive_message(QueueUrl=os.environ["CARRIER_EVENTS_QUEUE"])["Messages"]
    apply_handler({"Records": [{"messageId": "m", "body": messages[0]["Body"]}]}, None)
    assert outcomes(call) == [("evt_early", "already_applied")]


def test_a_state_that_there_is_not_is_named(aws: None) -> None:
    assert staff_at().get("/inbox?state=lost").status == 422


def test_an_empty_inbox_says_who_fills_it(aws: None) -> None:
    assert staff_at(language="es").get("/inbox").says("Aún no hay avisos")
