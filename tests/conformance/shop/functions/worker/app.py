"""Queue: writes an item per message, and refuses the ones called `bad`."""

import json
import os
from typing import Any

import boto3


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    table = boto3.client("dynamodb")
    refused = []
    for record in event["Records"]:
        body = json.loads(record["body"])
        if body.get("Event") == "s3:TestEvent":
            continue
        detail = body.get("detail", body)
        if "Records" in body:
            detail = {"pk": body["Records"][0]["s3"]["object"]["key"]}
        if detail.get("pk") == "bad":
            refused.append({"itemIdentifier": record["messageId"]})
            continue
        item = {"pk": {"S": f"worked#{detail['pk']}"}}
        table.put_item(TableName=os.environ["TABLE"], Item=item)
    return {"batchItemFailures": refused}
