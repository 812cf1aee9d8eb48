"""Requests and read units of the back office's start page, on AWS's own DynamoDB engine.

python -m local.bench.start_page <orders a day>

The figures of 29 days are there as the projection writes them; the page is asked for through its use case,
first with nothing kept, then a minute later, then within the minute.
"""

import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

NOW = datetime(2036, 11, 21, 18, 30, tzinfo=UTC)


def main() -> int:
    print(json.dumps(measure(int(sys.argv[1]))))
    return 0


def measure(orders: int) -> dict[str, Any]:
    """Requests and units of each look, in a shop of so many orders a day."""
    from local.bench.engine import aws

    logging.disable(logging.CRITICAL)
    with aws() as database:
        from comanda import wiring
        from comanda.dynamo.client import client
        from local.bench.meter import Meter
        from local.bench.units import Table
        from tests.template import tables

        meter = Meter({name: Table.of(name, made) for name, made in tables().items()}, database)
        _seed(database, wiring.figures().table, orders)
        wiring.dashboard()
        meter.attach(client())
        found: dict[str, Any] = {"orders a day": orders}
        now = NOW
        for name in ("first", "second", "third", "a minute later", "within the minute"):
            meter.forget()
            with meter.during(name):
                start = wiring.dashboard().look(now)
            part = meter.parts[name]
            found[name] = {
                "requests": sum(part.requests.values()),
                "units": part.read_units,
                "whole": start.complete,
            }
            now += timedelta(seconds=61 if name != "a minute later" else 20)
    return found


def _seed(database: Any, table: str, orders: int) -> None:
    """Each order was placed and paid on one day."""
    for items in _batches(orders):
        database.batch_write_item(RequestItems={table: [{"PutRequest": {"Item": item}} for item in items]})


def _batches(orders: int) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for back in range(30):
        day = (NOW - timedelta(days=back)).date().isoformat()
        for number in range(orders if back else orders * 3 // 4):
            hour = f"{(number * 7) % 18:02d}"
            body = {f"{hour}.i.MXN": 23200, f"{hour}.n": 1, f"{hour}.v.MXN": 23200}
            item = {
                "pk": f"FIGURES#{day}",
                "sk": f"ORDER#019351a2b3c4d5e6f7a8b9c{number:05d}",
                "body": json.dumps(body, separators=(",", ":")),
            }
            batch.append({name: {"S": text} for name, text in item.items()} | {"revision": {"N": "7"}})
            if len(batch) == 25:
                yield batch
                batch = []
    if batch:
        yield batch


if __name__ == "__main__":
    raise SystemExit(main())
