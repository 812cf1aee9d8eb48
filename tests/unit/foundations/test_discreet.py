"""What a log line keeps of an exception's text, and what it hides."""

import json
import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.runtime.discreet import HIDDEN, discreet
from comanda.runtime.observe import logger


@pytest.mark.parametrize(
    "secret",
    [
        "ana.muñoz+shop@example.com",
        "+52 55 1234 5678",
        "4242 4242 4242 4242",
        "4000-0000-0000-0002",
        "4242424242424242",
        "+1 (555) 010-4477 12",
        "sk_test_51Habc",
        "whsec_1d0c99",
        "Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
    ],
)
def test_people_and_secrets_are_hidden(secret: str) -> None:
    told = discreet(f"ValueError: cannot take {secret!r} here")
    assert secret not in told
    assert HIDDEN in told
    assert told.startswith("ValueError: cannot take ")


@pytest.mark.parametrize(
    "text",
    [
        'File "/var/task/functions/place_order/app.py", line 1234, in lambda_handler',
        "WrongState: pi_3Nabc is succeeded",
        "at 2026-11-22T12:00:01.000Z, 2026-11-22 12:00:01",
        "order 06gk3v1q5m4d2x7t8r9s0w1y2z4, effect void-P-000123",
        "ConditionalCheckFailedException (revision 17, 23200 MXN)",
        "uuid 69cd13f0-d67a-11e5-baa3-778b53f4ae55",
    ],
)
def test_what_helps_to_find_the_fault_stays(text: str) -> None:
    assert discreet(text) == text


ADDRESSES = st.from_regex(r"[a-z]{1,9}(\.[a-z]{1,9})?@[a-z]{1,9}\.(com|mx|es)", fullmatch=True)


@given(ADDRESSES, st.text(max_size=30))
def test_no_address_gets_through(address: str, around: str) -> None:
    assert address not in discreet(f"{around} {address} {around}")


def test_the_log_of_a_failure_is_discreet_and_whole() -> None:
    try:
        raise RuntimeError("Email address is not verified: ana@example.com")
    except RuntimeError:
        record = logging.LogRecord("comanda", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    line = json.loads(logger.registered_formatter.format(record))
    assert "ana@example.com" not in json.dumps(line)
    assert line["exception"].endswith(f"RuntimeError: Email address is not verified: {HIDDEN}")
    assert (line["message"], line["exception_name"]) == ("failed", "RuntimeError")
