"""`make bench-data N=…`: what every kind of list page costs among N orders, kept in .local/bench-data-N.json.

At 1,000 orders the same pages are also read from AWS's own engine, which has to agree on rows and units.
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from comanda.times import stamp
from local.bench.crowd import BEGIN, YEAR, Crowd, common_name, rare_name

BUDGET, USUAL = 400.0, 10.0
BESIDE = 1_000
CLIENT = "client-1"


@dataclass
class Measured:
    """One page: what was asked, rows found, requests, and read units for finding, rows and counts."""

    name: str
    rows: int
    requests: int
    units: float
    finding: float
    reading: float
    counting: float
    to_the_end: bool


def asked(crowd: Crowd) -> list[tuple[str, dict[str, str]]]:
    """What people ask for, and what hurts most."""
    some = crowd.contact(crowd.size // 2)
    month = stamp(BEGIN + YEAR / 24)[:7]
    unpaid = {"not.payment": "paid", "not.lifecycle": "cancelled"}
    return [
        ("the newest 50", {}),
        ("the newest 100", {"limit": "100"}),
        ("the oldest", {"sort": "created"}),
        ("last changed", {"sort": "-updated"}),
        ("label to review", {"label": "to_review"}),
        ("label shipped", {"label": "shipped"}),
        ("unpaid, not cancelled", unpaid),
        ("paid, of 30 days", {"payment": "paid", "created_from": "2026-10-23", "created_to": "2026-11-21"}),
        ("refunded, of the first month", {"payment": "refunded", "month": month}),
        ("on hold for fraud", {"hold": "fraud"}),
        ("by cheque, by telephone", {"method": "cheque", "channel": "phone"}),
        ("imported, unverified, overpaid", {"channel": "import", "verified": "false", "payment": "overpaid"}),
        ("nothing fits", {"lifecycle": "draft"}),
        ("last changed, on hold for fraud", {"sort": "-updated", "hold": "fraud"}),
        ("by number", {"q": f"P-{crowd.size // 2:07d}"}),
        ("by e-mail", {"q": some["email"]}),
        ("by full name", {"q": some["name"]}),
        ("by the telephone's end", {"q": some["phone"][-6:]}),
        ("by a rare name", {"q": rare_name()}),
        ("by the commonest name", {"q": common_name()}),
        ("two common words", {"q": f"{common_name()} cafe-007"}),
        ("commonest name on hold for fraud", {"q": common_name(), "hold": "fraud"}),
        ("commonest name, draft", {"q": common_name(), "lifecycle": "draft", "limit": "100"}),
    ]


def read(handler: Any, query: dict[str, str]) -> dict[str, Any]:
    """A page through the real handler."""
    from tests.functional.conftest import http_event

    claims = {"sub": "bench", "token_use": "access", "client_id": CLIENT, "cognito:groups": "[staff]"}
    answer = handler(http_event("GET", "/admin/orders", query=query, claims=claims), None)
    if answer["statusCode"] != 200:
        raise SystemExit(answer["body"])
    return dict(json.loads(answer["body"]))


def measure(size: int) -> tuple[list[Measured], dict[str, Any]]:
    """Every page once, cold counts included; and how long the shelf took to fill."""
    with standing(size) as (shelf, handler, seconds):
        found = [_page(shelf, handler, name, query) for name, query in asked(shelf.crowd)]
        _second_page(shelf, handler, found)
        agreed = beside(shelf, handler) if size <= BESIDE else None
    return found, {"orders": size, "filled_in_s": round(seconds), "engine": agreed}


@contextmanager
def standing(size: int) -> Iterator[tuple[Any, Any, float]]:
    """The shelf in place of the client, and the handler over it."""
    import os

    from tests.functional.conftest import PLAIN
    from tests.template import table_variable, tables

    os.environ.update(PLAIN | {table_variable(name): name for name in tables()})
    from comanda import wiring
    from comanda.dynamo import client as clients
    from local.bench.shelf import Shelf

    begin = time.monotonic()
    shelf = Shelf(Crowd(size), wiring.orders())
    seconds = time.monotonic() - begin
    session = clients.session()
    real = session.create_client
    made: Any = lambda name, **more: shelf if name == "dynamodb" else real(name, **more)  # noqa: E731
    setattr(session, "create_client", made)  # noqa: B010
    setattr(wiring, "now", lambda: BEGIN + YEAR)  # noqa: B010
    from functions.staff_api.app import lambda_handler

    yield shelf, lambda_handler, seconds


def _page(shelf: Any, handler: Any, name: str, query: dict[str, str]) -> Measured:
    from comanda import wiring

    wiring.order_list.cache_clear()  # the counts are made anew: nothing is spared
    shelf.begin()
    body = read(handler, query)
    spent = {kind: shelf.spent[kind] for kind in ("finding", "reading", "counting")}
    end = body["next"] is None
    return Measured(
        name, len(body["items"]), shelf.requests.total(), sum(spent.values()), **spent, to_the_end=end
    )


def _second_page(shelf: Any, handler: Any, found: list[Measured]) -> None:
    following = {"cursor": read(handler, {})["next"]}
    found.insert(1, _page(shelf, handler, "its second page", following))


def beside(shelf: Any, handler: Any) -> dict[str, Any]:
    """The same items in AWS's engine, the same pages: do rows and units agree?"""
    from local.bench.beside import compare

    return compare(shelf, [query for _, query in asked(shelf.crowd)], lambda query: read(handler, query))


def main() -> int:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else BESIDE
    found, told = measure(size)
    heads = f"{'rows':>5}{'requests':>9}{'units':>8}{'finding':>9}{'rows':>7}{'counts':>7}"
    print(f"{size} orders\n{'page':36}{heads}")
    for one in found:
        parts = f"{one.finding:>9.1f}{one.reading:>7.1f}{one.counting:>7.1f}"
        print(f"{one.name:36}{one.rows:>5}{one.requests:>9}{one.units:>8.1f}{parts}")
    worst = max(found, key=lambda one: one.units)
    middle = sorted(one.units for one in found)[len(found) // 2]
    print(f"worst {worst.units:.1f} ({worst.name}); half of them take at most {middle:.1f}; {told}")
    kept = Path(f".local/bench-data-{size}.json")
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps(told | {"pages": [asdict(one) for one in found]}, indent=1))
    return 0 if worst.units <= BUDGET else 1


if __name__ == "__main__":
    raise SystemExit(main())
