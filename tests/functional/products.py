"""Products in tests that staff can find: as the stream keeps their words."""

from typing import Any

import boto3

from comanda import wiring
from comanda.search.project import project_product
from comanda.stock.rows import product_key
from tests.functional.shop import stock_product


def listed(sku: str, name: str = "", **more: Any) -> None:
    """A product on sale whose words the stream has written; `name` in every language."""
    stock_product(sku, **more)
    if name:
        rename(sku, name)
    project_product(sku, wiring.product, wiring.product_tokens())


def rename(sku: str, name: str) -> None:
    boto3.client("dynamodb").update_item(
        TableName=wiring.stock().table,
        Key={"pk": {"S": product_key(sku)}},
        UpdateExpression="SET #names = :names",
        ExpressionAttributeNames={"#names": "names"},
        ExpressionAttributeValues={":names": {"S": f'{{"es": "{name}", "en": "{name}"}}'}},
    )


def words_of(sku: str) -> set[str]:
    """The tokens under which it lies in the index now."""
    items = boto3.client("dynamodb").scan(TableName="SearchTable")["Items"]
    return {one["sk"]["S"].split("#")[0] for one in items if one["sk"]["S"].endswith(f"#{sku}")}
