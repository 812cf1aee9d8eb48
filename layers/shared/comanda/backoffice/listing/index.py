"""The list indexes of the Orders table, page by page."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from comanda.backoffice.listing.merge import Hit, Page
from comanda.backoffice.listing.purse import Purse
from comanda.dynamo.client import client

READ_UNIT = 4096  # bytes; no Query costs less
WORKERS = 8
FIRST_STEP = 100  # entries of a partition that are counted before more are: most have fewer
MOST_CHANGES = 100


class ListIndex:
    """Reads between two times of placing, ends included; `shards` as the store writes them."""

    def __init__(self, table: str, shards: int = 1) -> None:
        self.table = table
        self.shards = shards

    def partitions(self, signatures: Sequence[str]) -> list[str]:
        return [f"{signature}#{shard}" for signature in signatures for shard in range(self.shards)]

    def page(
        self, index: str, partition: str, *, low: str, high: str, after: str, limit: int, descending: bool
    ) -> Page:
        """At most `limit` orders of a partition behind the position `after`."""
        first, last = (low, after or high) if descending else (after or low, high)
        if first > last:  # DynamoDB refuses an empty range
            return Page((), False, 0)
        answer = client().query(
            **self._request(index, partition, first, last),
            Limit=limit + (1 if after else 0),
            ScanIndexForward=not descending,
        )
        hits = [_hit(item, f"{index}_sk") for item in answer["Items"]]
        cost = _rounded(sum(map(_size, answer["Items"])))
        more = "LastEvaluatedKey" in answer
        return Page(tuple(hit for hit in hits if hit.position != after), more, cost)

    def count(self, partition: str, label: str, most: int, purse: Purse) -> tuple[int, bool]:
        """How many orders of a partition of `state` have the label (any: empty), and whether that is all or
        as many as `most`; False where the purse was empty before."""
        request = self._request("state", partition, " ", "~") | {"Select": "COUNT"}
        if label:
            request["FilterExpression"] = "#row.l = :label"
            request["ExpressionAttributeNames"] = {"#row": "row"}
            request["ExpressionAttributeValues"][":label"] = {"S": label}
        number, step = 0, FIRST_STEP
        while number < most:
            granted = purse.take(min(step, most))
            if not granted:
                return number, False
            answer = client().query(**request, Limit=granted)
            purse.settle(granted, int(answer["ScannedCount"]))
            number, step = number + int(answer["Count"]), most
            if "LastEvaluatedKey" not in answer:
                break
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        return number, True

    def changed_since(self, since: str, most: int = MOST_CHANGES) -> list[Hit] | None:
        """The orders that changed at or after a time, newest first; None when they are more than `most`.
        With no time given, the newest `most`."""
        found: list[Hit] = []
        for partition in self.partitions(["ORDER"]):
            request = self._request("updated", partition, since, "~")
            answer = client().query(**request, Limit=most, ScanIndexForward=False)
            found += [_hit(item, "updated_sk") for item in answer["Items"]]
            if since and "LastEvaluatedKey" in answer:
                return None
        return sorted(found, key=lambda hit: hit.position, reverse=True)

    def each[Given, Found](self, work: Callable[[Given], Found], items: Sequence[Given]) -> list[Found]:
        """Do the same for several items at once, in their order."""
        if len(items) < 2:
            return [work(item) for item in items]
        with ThreadPoolExecutor(min(WORKERS, len(items))) as pool:
            return list(pool.map(work, items))

    def _request(self, index: str, partition: str, first: str, last: str) -> dict[str, Any]:
        return {
            "TableName": self.table,
            "IndexName": index,
            "KeyConditionExpression": f"{index}_pk = :pk AND {index}_sk BETWEEN :first AND :last",
            "ExpressionAttributeValues": {
                ":pk": {"S": partition},
                ":first": {"S": first or " "},
                ":last": {"S": last},
            },
        }


def _hit(item: dict[str, Any], key: str) -> Hit:
    row = {name: value["S"] for name, value in item["row"]["M"].items()}
    return Hit(item[key]["S"], item["pk"]["S"], row)


def _size(item: dict[str, Any]) -> int:
    """About what DynamoDB counts: names and values."""
    plain = sum(len(name) + len(value["S"]) for name, value in item.items() if "S" in value)
    return plain + sum(len(name) + len(value["S"]) + 1 for name, value in item["row"]["M"].items()) + 6


def _rounded(size: int) -> int:
    return max(1, -(-size // READ_UNIT)) * READ_UNIT
