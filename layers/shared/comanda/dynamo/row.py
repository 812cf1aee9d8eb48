"""The base of every stored row: a PynamoDB model whose table is named late, and raw reads of it."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, ClassVar, NamedTuple, Self

from pynamodb.attributes import Attribute
from pynamodb.expressions.update import Update
from pynamodb.models import Model

from comanda.dynamo.client import client


class Written(NamedTuple):
    """How an attribute of a row goes over the wire."""

    name: str
    wire_name: str
    wire_type: str
    serialize: Callable[[Any], Any]
    may_lack: bool


class Row(Model):
    """A stored item. `bind` names the table once the environment is known; reads use the shared client.

    Rows are described as PynamoDB models and written here: its own way from a model to a request looks at
    every attribute a dozen times, which was a tenth of what placing an order costs.
    """

    class Meta:
        table_name = "unbound"

    keys: ClassVar[tuple[str, ...]] = ("pk",)

    def __init__(
        self, hash_key: Any = None, range_key: Any = None, _user_instantiated: bool = True, **attributes: Any
    ) -> None:
        """Raises ValueError for an attribute that the row does not have."""
        kind: Any = type(self)
        if hash_key is not None:
            attributes["pk"] = hash_key
        if range_key is not None:
            attributes["sk"] = range_key
        if unknown := attributes.keys() - kind.get_attributes().keys():
            raise ValueError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
        self.attribute_values = _defaults(kind) | attributes

    @classmethod
    def bind(cls, table: str) -> None:
        if cls.Meta.table_name != table:
            cls.Meta.table_name = table

    @classmethod
    def read(cls, pk: str, sk: str | None = None, *, consistent: bool = True) -> Self | None:
        """One item by its key, or None."""
        key = {"pk": {"S": pk}} | ({"sk": {"S": sk}} if sk is not None else {})
        answer = client().get_item(TableName=cls.Meta.table_name, Key=key, ConsistentRead=consistent)
        item = answer.get("Item")
        return cls.from_raw_data(item) if item else None

    @classmethod
    def write(cls, row: Self, condition: Any = None) -> None:
        """Put one item outside a transaction. Raises ConditionalCheckFailedException of botocore."""
        client().put_item(**row.put_request(condition))

    @classmethod
    def change(cls, row: Self, actions: list[Any], condition: Any = None) -> dict[str, Any]:
        """Update one item outside a transaction; answers its new raw attributes."""
        request = row.update_request(actions, condition)
        answer: dict[str, Any] = client().update_item(**request, ReturnValues="ALL_NEW")["Attributes"]
        return answer

    @classmethod
    def remove(cls, row: Self, condition: Any = None) -> None:
        """Delete one item outside a transaction."""
        client().delete_item(**row.delete_request(condition))

    def wire_item(self) -> dict[str, dict[str, Any]]:
        """All attributes as the wire takes them. Raises ValueError when one is missing that may not."""
        values, item = self.attribute_values, {}
        for name, wire_name, wire_type, serialize, may_lack in _written(type(self)):
            value = values.get(name)
            raw = None if value is None else serialize(value)
            if raw is not None:
                item[wire_name] = {wire_type: raw}
            elif not may_lack:
                raise ValueError(f"{type(self).__name__} needs {name}")
        return item

    def wire_key(self) -> dict[str, dict[str, str]]:
        """The item's key as the wire takes it."""
        values = self.attribute_values
        return {name: {"S": values[name]} for name in ("pk", "sk") if name in values}

    def put_request(self, condition: Any = None) -> dict[str, Any]:
        """What PutItem takes, alone or in a transaction."""
        return self._request({"Item": self.wire_item()}, condition)

    def update_request(self, actions: list[Any], condition: Any = None) -> dict[str, Any]:
        """What UpdateItem takes, alone or in a transaction."""
        return self._request({"Key": self.wire_key()}, condition, actions)

    def delete_request(self, condition: Any = None) -> dict[str, Any]:
        """What DeleteItem takes, alone or in a transaction."""
        return self._request({"Key": self.wire_key()}, condition)

    def _request(
        self, request: dict[str, Any], condition: Any, actions: list[Any] | None = None
    ) -> dict[str, Any]:
        names: dict[str, str] = {}
        values: dict[str, Any] = {}
        request["TableName"] = self.Meta.table_name
        if condition is not None:
            request["ConditionExpression"] = condition.serialize(names, values)
        if actions:
            request["UpdateExpression"] = Update(*actions).serialize(names, values)
        if names:
            request["ExpressionAttributeNames"] = {mark: name for name, mark in names.items()}
        if values:
            request["ExpressionAttributeValues"] = values
        return request


@cache
def _written(kind: type[Row]) -> tuple[Written, ...]:
    return tuple(
        Written(name, one.attr_name, one.attr_type, one.serialize, bool(one.null))
        for name, one in kind.get_attributes().items()
    )


def _defaults(kind: type[Row]) -> dict[str, Any]:
    return {name: default() if callable(default) else default for name, default in _defaulted(kind)}


@cache
def _defaulted(kind: type[Row]) -> tuple[tuple[str, Any], ...]:
    found = ((name, one.default) for name, one in kind.get_attributes().items())
    return tuple((name, default) for name, default in found if default is not None)


def pages(**request: Any) -> Iterator[dict[str, Any]]:
    """All raw items of a Query, page after page."""
    while True:
        answer = client().query(**request)
        yield from answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


__all__ = ["Attribute", "Row", "pages"]
