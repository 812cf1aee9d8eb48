"""Orders in the order of the list indexes: ids and positions, page by page."""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from typing import Any

from comanda.dynamo.row import pages
from comanda.exports.model import UNSEEN

END = "$"  # sorts behind the # that follows a time in a position


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """An order as an index shows it, which may be a moment old. `position` is `<time>#<order id>`."""

    position: str
    order_id: str

    @property
    def at(self) -> str:
        return self.position.partition("#")[0]


class OrderIndex:
    """Reads the `created` and `updated` indexes, oldest first; all shards merged."""

    def __init__(self, table: str, shards: int = 1) -> None:
        self.table = table
        self.shards = shards

    def created(self, after: str = "", until: str = "9") -> Iterator[Entry]:
        """Orders placed at or after the time `after`, or behind that position, and before `until`."""
        return self._merged("created", after, until)

    def updated(self, after: str, until: str = "9") -> Iterator[Entry]:
        """Orders last changed at or after the time `after` and before the time `until`."""
        return self._merged("updated", after, until)

    def _merged(self, index: str, after: str, until: str) -> Iterator[Entry]:
        if after > until:  # DynamoDB refuses an empty range
            return iter(())
        shards = [self._shard(index, shard, after, until) for shard in range(self.shards)]
        return shards[0] if len(shards) == 1 else merge(*shards)

    def _shard(self, index: str, shard: int, after: str, until: str) -> Iterator[Entry]:
        request: dict[str, Any] = {
            "TableName": self.table,
            "IndexName": index,
            "KeyConditionExpression": f"{index}_pk = :pk AND {index}_sk BETWEEN :after AND :until",
            "ExpressionAttributeValues": {
                ":pk": {"S": f"ORDER#{shard}"},
                ":after": {"S": after + END if "#" in after else after or "0"},
                ":until": {"S": until},
            },
        }
        for item in pages(**request):
            signature = item["row"]["M"]["s"]["S"]
            if signature.partition("|")[0] not in UNSEEN:
                yield Entry(item[f"{index}_sk"]["S"], item["pk"]["S"])
