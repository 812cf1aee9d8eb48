"""State machine task: parks its token in the table, or raises when told to."""

import os
from typing import Any

import boto3


def lambda_handler(event: dict[str, Any], context: Any) -> None:
    if event["fail"] == "raise":
        raise ValueError("the step broke")
    if event["fail"] == "park":
        return
    item = {"pk": {"S": f"wait#{event['pk']}"}, "token": {"S": event["token"]}}
    boto3.client("dynamodb").put_item(TableName=os.environ["TABLE"], Item=item)
