"""Read the same pages from AWS's own engine, and hold its rows and its units against the shelf's."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import batched
from typing import Any

from local.bench.engine import aws
from local.bench.metered import missing


@contextmanager
def _filled(shelf: Any) -> Iterator[Any]:
    """The engine with every item of the shelf; yields a client whose requests are counted."""
    import boto3

    with aws() as database:
        items = list(shelf.items())
        for batch in batched(items, 25, strict=False):
            wanted: dict[str, list[Any]] = {}
            for table, item in batch:
                wanted.setdefault(table, []).append({"PutRequest": {"Item": item}})
            database.batch_write_item(RequestItems=wanted)
        yield boto3.client("dynamodb", endpoint_url=os.environ["AWS_ENDPOINT_URL_DYNAMODB"])


class Counted:
    """The client, its requests and units counted."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.units = 0.0

    def __getattr__(self, name: str) -> Any:
        def asked(**request: Any) -> Any:
            answer = getattr(self.client, name)(**request, ReturnConsumedCapacity="TOTAL")
            consumed = answer.get("ConsumedCapacity") or []
            consumed = consumed if isinstance(consumed, list) else [consumed]
            self.units += sum(one["CapacityUnits"] for one in consumed) + missing(request, answer)
            return answer

        return asked


def compare(
    shelf: Any, queries: list[dict[str, str]], read: Callable[[dict[str, str]], dict[str, Any]]
) -> dict[str, Any]:
    """How many pages have the same rows from both, and the units of each side added up."""
    from comanda.dynamo.client import client, session

    ours = []
    for query in queries:
        shelf.forget_counts()
        shelf.begin()
        ours.append((_rows(read(query)), sum(shelf.spent.values())))
    make, theirs = session().create_client, []
    with _filled(shelf) as real:
        counted = Counted(real)
        setattr(session(), "create_client", lambda *_, **__: counted)  # noqa: B010
        client.cache_clear()
        for query in queries:
            real.delete_item(TableName="DedupeTable", Key={"pk": {"S": "COUNTS"}})
            counted.units = 0.0
            theirs.append((_rows(read(query)), counted.units))
    setattr(session(), "create_client", make)  # noqa: B010
    client.cache_clear()
    same = sum(mine[0] == yours[0] for mine, yours in zip(ours, theirs, strict=True))
    return {
        "pages": len(queries),
        "same_rows": same,
        "units_of_the_shelf": sum(units for _, units in ours),
        "units_of_the_engine": sum(units for _, units in theirs),
    }


def _rows(body: dict[str, Any]) -> list[str]:
    return [item["order_id"] for item in body["items"]]
