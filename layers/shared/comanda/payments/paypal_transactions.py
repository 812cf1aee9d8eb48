"""PayPal's Transaction Search: what moved the balance of the account, and what was left of it afterwards.

https://developer.paypal.com/docs/api/transaction-search/v1/: at most 31 days a question; a movement is there
three hours after it was made at the latest; the balance after a movement is told only to who asks for nothing
but a span of time.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from comanda.payments.paypal_money import read
from comanda.payments.provider import ProviderRefused

type Json = dict[str, Any]
type Get = Callable[[str], Json]

PATH = "/v1/reporting/transactions"
LONGEST = timedelta(days=31)
SHORTEST = timedelta(minutes=1)  # into which a span with too much in it is cut
AT_ONCE = 200
TOO_MUCH = "RESULTSET_TOO_LARGE"
MOVED = ("S", "V", "F")  # done, and what was given back since; else pending or denied


def movements(get: Get, since: datetime, until: datetime) -> list[Json]:
    """All that changed the balance between two moments, oldest first. `get` reads a path of the API."""
    known: dict[tuple[str, str], Json] = {}
    while since < until:
        end = min(since + LONGEST, until)
        for one in _span(get, since, end):
            known.setdefault((str(one["transaction_id"]), code_of(one)), one)
        since = end
    return sorted(known.values(), key=at_of)


def balance_after(get: Get, movement: Json) -> int | None:
    """What lay on the balance in its currency after this movement, None where PayPal does not say."""
    at = at_of(movement)
    span = {"start_date": _written(at), "end_date": _written(at + timedelta(seconds=1))}
    for one in _infos(get(f"{PATH}?{urlencode(span)}")):
        if one.get("transaction_id") == movement["transaction_id"] and "ending_balance" in one:
            amount, currency = read(one["ending_balance"])
            return amount if currency == currency_of(movement) else None
    return None


def code_of(movement: Json) -> str:
    """What it is: https://developer.paypal.com/docs/transaction-search/transaction-event-codes/."""
    return str(movement.get("transaction_event_code") or "")


def at_of(movement: Json) -> datetime:
    """When it was made, in UTC."""
    return datetime.fromisoformat(str(movement["transaction_initiation_date"])).astimezone(UTC)


def amount_of(movement: Json) -> int:
    return read(movement["transaction_amount"])[0]


def currency_of(movement: Json) -> str:
    return read(movement["transaction_amount"])[1]


def fee_of(movement: Json) -> int:
    """What PayPal kept, above nothing; a fee that it gave back is below. Told only where there is one."""
    fee = movement.get("fee_amount")
    return -read(fee)[0] if fee else 0


def _span(get: Get, start: datetime, end: datetime) -> list[Json]:
    """What is in a span; one with more in it than PayPal answers is read in halves."""
    try:
        return list(_pages(get, start, end))
    except ProviderRefused as refused:
        if refused.code != TOO_MUCH or end - start <= SHORTEST:
            raise
    middle = start + (end - start) / 2
    return [*_span(get, start, middle), *_span(get, middle, end)]


def _pages(get: Get, start: datetime, end: datetime) -> Iterator[Json]:
    asked = {"start_date": _written(start), "end_date": _written(end), "page_size": AT_ONCE}
    page = last = 1
    while page <= last:
        told = get(f"{PATH}?{urlencode(asked | {'page': page})}")
        yield from _infos(told)
        page, last = page + 1, int(told.get("total_pages") or 1)


def _infos(told: Json) -> Iterator[Json]:
    for one in told.get("transaction_details") or []:
        info = one.get("transaction_info") or {}
        if info.get("transaction_id") and info.get("transaction_amount"):
            yield info


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
