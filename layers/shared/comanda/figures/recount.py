"""Write the figures of all orders anew: where the projection came into a shop that had orders."""

from datetime import datetime
from typing import Any

from comanda.dynamo.client import client
from comanda.figures.project import Load, days_of, keep
from comanda.figures.store import FigureStore

AT_ONCE = 100  # orders of one call, which a function of half a minute does


def recount(
    table: str,
    after: str,
    load: Load,
    store: FigureStore,
    now: datetime,
    *,
    shard: int = 0,
    most: int = AT_ONCE,
) -> str | None:
    """Count the next orders of a partition of `created` behind the position `after` (empty: from the first).

    Answers the position to go on behind, None at the end. What is right already is not written.
    """
    request: dict[str, Any] = {
        "TableName": table,
        "IndexName": "created",
        "KeyConditionExpression": "created_pk = :all AND created_sk > :after",
        "ExpressionAttributeValues": {":all": {"S": f"ORDER#{shard}"}, ":after": {"S": after or " "}},
        "Limit": most,
    }
    answer = client().query(**request)
    for item in answer["Items"]:
        loaded = load(item["pk"]["S"])
        if loaded is not None:
            keep(item["pk"]["S"], days_of(loaded), load, store, now)
    return answer["Items"][-1]["created_sk"]["S"] if "LastEvaluatedKey" in answer else None
