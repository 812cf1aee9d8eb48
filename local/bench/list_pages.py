"""`make bench-data N=…`: what every kind of list page costs among N orders, kept in .local/bench-data-N.json.

Up to 200,000 orders are made when they are read; at 1,000 the same pages are also read from AWS's own engine,
which has to agree on rows and units. Beyond that the orders lie in that engine, on disk (.local/bench-data).
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from comanda.times import stamp
from local.bench.crowd import BEGIN, MOVED, YEAR, Crowd, common_name, rare_name

BUDGET, USUAL = 400.0, 10.0
USUAL_PAGES = (  # what staff open all day
    "the newest 50",
    "its second page",
    "the newest 100",
    "the oldest",
    "last changed",
    "label to review",
    "label shipped",
    "by number",
    "by e-mail",
    "by the telephone's end",
    "by a rare name",
)
BESIDE = 1_000
IN_MEMORY = 200_000
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
    """Every page once; and how long the shelf took to fill."""
    with standing(size) if size <= IN_MEMORY else on_disk(size) as (shelf, handler, seconds):
        found = [_page(shelf, handler, name, query) for name, query in asked(shelf.crowd)]
        _other_pages(shelf, handler, found)
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
    from local.bench.shelf import Shelf

    begin = time.monotonic()
    shelf = Shelf(Crowd(size), wiring.orders())
    seconds = time.monotonic() - begin
    _stand_in(shelf)
    from functions.staff_api.app import lambda_handler

    yield shelf, lambda_handler, seconds


@contextmanager
def on_disk(size: int) -> Iterator[tuple[Any, Any, float]]:
    """AWS's own engine over a file that is filled the first time."""
    from local.bench import on_disk as disk
    from local.bench.engine import aws
    from local.bench.metered import Metered

    if not disk.is_filled(size):
        with aws(disk.begin(size)) as database:
            for table, items in disk.samples(Crowd(size)).items():
                for item in items:
                    database.put_item(TableName=table, Item=item)
        disk.fill(size, lambda said: print(said, file=sys.stderr, flush=True))
    begin = time.monotonic()
    with aws(disk.place(size)) as database:
        for item in disk.registry(size):
            database.put_item(TableName="SettingsTable", Item=item)
        _stand_in(shelf := Metered(database, Crowd(size)))
        from functions.staff_api.app import lambda_handler

        yield shelf, lambda_handler, time.monotonic() - begin


def _stand_in(shelf: Any) -> None:
    """Whoever asks for a client of DynamoDB is given this one; the clock stands at the crowd's last day."""
    from comanda import wiring
    from comanda.dynamo import client as clients

    session = clients.session()
    real = session.create_client
    made: Any = lambda name, **more: shelf if name == "dynamodb" else real(name, **more)  # noqa: E731
    setattr(session, "create_client", made)  # noqa: B010
    setattr(wiring, "now", lambda: BEGIN + YEAR + MOVED)  # noqa: B010


def _page(shelf: Any, handler: Any, name: str, query: dict[str, str], before: Any = None) -> Measured:
    """One page, with what others have left: the counts. `before` makes it otherwise."""
    read(handler, {"limit": "1"})
    if before:
        before(shelf)
    shelf.begin()
    body = read(handler, query)
    spent = {kind: shelf.spent[kind] for kind in ("finding", "reading", "counting")}
    end = body["next"] is None
    return Measured(
        name, len(body["items"]), shelf.requests.total(), sum(spent.values()), **spent, to_the_end=end
    )


def _other_pages(shelf: Any, handler: Any, found: list[Measured]) -> None:
    """The first page as it is read next, after three changes, after none was ever counted."""
    following = {"cursor": read(handler, {})["next"]}
    found[1:1] = [
        _page(shelf, handler, "its second page", following),
        _page(shelf, handler, "the newest 50, three orders later", {}, _as_if_changed),
        _page(shelf, handler, "the newest 50, never counted", {}, lambda at: at.forget_counts()),
    ]


def _as_if_changed(shelf: Any) -> None:
    """As if the three orders that changed last had done so since the labels were counted."""
    from comanda import wiring

    at: Any = wiring.order_list()
    kept = at.counts.keeping.read()
    newest = at.index.changed_since("", most=4) or []
    at.counts.keeping.write(replace(kept, newest=newest[-1].position))


def beside(shelf: Any, handler: Any) -> dict[str, Any]:
    """The same items in AWS's engine, the same pages: do rows and units agree?"""
    from local.bench.beside import compare

    return compare(shelf, [query for _, query in asked(shelf.crowd)], lambda query: read(handler, query))


def main() -> int:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else BESIDE
    found, told = measure(size)
    worst = max(found, key=lambda one: one.units)
    middle = sorted(one.units for one in found)[len(found) // 2]
    kept = Path(f".local/bench-data-{size}.json")
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps(told | {"pages": [asdict(one) for one in found]}, indent=1))
    if "--json" in sys.argv:
        print(json.dumps(_result(size, found)))
        return 0
    _print(size, found)
    print(f"worst {worst.units:.1f} ({worst.name}); half of them take at most {middle:.1f}; {told}")
    return 0 if worst.units <= BUDGET else 1


def _print(size: int, found: list[Measured]) -> None:
    heads = f"{'rows':>5}{'requests':>9}{'units':>8}{'finding':>9}{'rows':>7}{'counts':>7}"
    print(f"{size} orders; ok: within {BUDGET:.0f} units, usual pages {USUAL:.0f}\n{'page':36}{heads}")
    for one in found:
        parts = f"{one.finding:>9.1f}{one.reading:>7.1f}{one.counting:>7.1f}"
        print(f"{one.name:36}{one.rows:>5}{one.requests:>9}{one.units:>8.1f}{parts}  {_verdict(one)}")


def _budget(one: Measured) -> float:
    return USUAL if one.name in USUAL_PAGES else BUDGET


def _verdict(one: Measured) -> str:
    return "ok" if one.units <= _budget(one) else f"MISSED {_budget(one):.0f}"


def _result(size: int, found: list[Measured]) -> dict[str, Any]:
    pages = [asdict(one) | {"budget": _budget(one)} for one in found]
    met = all(one.units <= _budget(one) for one in found)
    return {"name": "list_pages", "orders": size, "pages": pages, "met": met}


if __name__ == "__main__":
    raise SystemExit(main())
