"""PayPal's disputes with their due dates, in the port's words."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from comanda.payments.payout import SeenDispute
from comanda.payments.paypal_money import read
from comanda.payments.paypal_record import OUTCOMES, Reference
from comanda.times import stamp

type Json = dict[str, Any]

PATH = "/v1/customer/disputes"
AT_ONCE = 50
# Who has to act next; else nobody but the merchant: open.
WAITING = {"UNDER_REVIEW": "answered", "WAITING_FOR_BUYER_RESPONSE": "answered"}


def disputes(get: Callable[[str], Json], since: datetime) -> Iterator[SeenDispute]:
    """The disputes opened since a moment; the list tells how they stand, each one who has to do what."""
    started = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    path = f"{PATH}?{urlencode({'start_time': started, 'page_size': AT_ONCE})}"
    while path:
        page = get(path)
        for one in page.get("items") or []:
            yield dispute_of(get(f"{PATH}/{one['dispute_id']}"))
        path = _next(page)


def dispute_of(found: Json) -> SeenDispute:
    amount, currency = read(found["dispute_amount"])
    about = (found.get("disputed_transactions") or [{}])[0]
    due = str(found.get("seller_response_due_date") or "")
    return SeenDispute(
        provider="paypal",
        ref=str(found["dispute_id"]),
        status=_status(found),
        amount=amount,
        currency=currency,
        opened_at=_at(str(found["create_time"])),
        charge=str(about.get("seller_transaction_id") or ""),
        order_id=Reference.of({"custom_id": about.get("custom")}).order_id,
        reason=str(found.get("reason") or "").lower(),
        due_at=_at(due) if due else "",
    )


def _status(found: Json) -> str:
    status = str(found.get("status"))
    if status != "RESOLVED":
        return WAITING.get(status, "open")
    return OUTCOMES.get(str((found.get("dispute_outcome") or {}).get("outcome_code")), "open")


def _at(text: str) -> str:
    return stamp(datetime.fromisoformat(text).astimezone(UTC))


def _next(page: Json) -> str:
    """The next page, at the address that we know."""
    links = {link.get("rel"): str(link.get("href")) for link in page.get("links") or []}
    there = urlsplit(links.get("next", ""))
    return f"{there.path}?{there.query}" if page.get("items") and there.path else ""
