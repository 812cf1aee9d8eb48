"""A client of DynamoDB whose reads are counted by what they are for: finding, reading rows, counting."""

from collections import Counter, defaultdict
from threading import Lock
from typing import Any

from local.bench.crowd import Crowd


class Metered:
    """`spent` in read units and `requests` since `begin`, as the engine itself counts them."""

    def __init__(self, client: Any, crowd: Crowd) -> None:
        self.client = client
        self.crowd = crowd
        self.spent: defaultdict[str, float] = defaultdict(float)
        self.requests: Counter[str] = Counter()
        self._lock = Lock()

    def begin(self) -> None:
        self.spent, self.requests = defaultdict(float), Counter()

    def query(self, **asked: Any) -> Any:
        return self._asked("query", "counting" if asked.get("Select") == "COUNT" else "finding", asked)

    def batch_get_item(self, **asked: Any) -> Any:
        return self._asked("batch_get_item", "reading", asked)

    def get_item(self, **asked: Any) -> Any:
        return self._asked("get_item", "finding", asked)

    def forget_counts(self) -> None:
        """As if nobody had ever counted."""
        self.client.delete_item(TableName="DedupeTable", Key={"pk": {"S": "COUNTS"}})

    def put_item(self, **asked: Any) -> Any:
        return self.client.put_item(**asked)

    def _asked(self, operation: str, kind: str, asked: dict[str, Any]) -> Any:
        answer = getattr(self.client, operation)(**asked, ReturnConsumedCapacity="TOTAL")
        consumed = answer.get("ConsumedCapacity") or []
        consumed = consumed if isinstance(consumed, list) else [consumed]
        absent = missing(asked, answer)
        with self._lock:
            self.spent[kind] += absent + sum(one["CapacityUnits"] for one in consumed)
            self.requests[operation] += 1
        return answer


def missing(asked: dict[str, Any], answer: dict[str, Any]) -> float:
    """Units of keys that have no item: AWS takes as many for each as for a small one, the engine none."""
    units = 0.0
    for table, request in asked.get("RequestItems", {}).items():
        absent = len(request["Keys"]) - len(answer["Responses"].get(table, []))
        units += absent * (1.0 if request.get("ConsistentRead") else 0.5)
    return units
