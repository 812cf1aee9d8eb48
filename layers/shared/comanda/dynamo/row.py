"""The base of every stored row: a PynamoDB model whose table is named late, and raw reads of it."""

from collections.abc import Iterator
from typing import Any, ClassVar, Self

from pynamodb.attributes import Attribute
from pynamodb.models import Model

from comanda.dynamo.client import client


class Row(Model):
    """A stored item. `bind` names the table once the environment is known; reads use the shared client."""

    class Meta:
        table_name = "unbound"

    keys: ClassVar[tuple[str, ...]] = ("pk",)

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
        client().put_item(**row.get_save_kwargs_from_instance(condition=condition))

    @classmethod
    def change(cls, row: Self, actions: list[Any], condition: Any = None) -> dict[str, Any]:
        """Update one item outside a transaction; answers its new raw attributes."""
        request = row.get_update_kwargs_from_instance(actions=actions, condition=condition)
        request["ReturnValues"] = "ALL_NEW"
        answer: dict[str, Any] = client().update_item(**request)["Attributes"]
        return answer

    @classmethod
    def remove(cls, row: Self, condition: Any = None) -> None:
        """Delete one item outside a transaction."""
        client().delete_item(**row.get_delete_kwargs_from_instance(condition=condition))


def pages(**request: Any) -> Iterator[dict[str, Any]]:
    """All raw items of a Query, page after page."""
    while True:
        answer = client().query(**request)
        yield from answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


__all__ = ["Attribute", "Row", "pages"]
