"""Table stream: answers waiting executions, publishes what was echoed, refuses what is called so."""

import json
import os
from typing import Any

import boto3

SEEN: set[str] = set()


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    for record in event["Records"]:
        new = record["dynamodb"].get("NewImage", {})
        key, number = new.get("pk", {}).get("S", ""), record["dynamodb"]["SequenceNumber"]
        if key.startswith("poison") or (key.startswith("fussy") and number not in SEEN):
            SEEN.add(number)
            return {"batchItemFailures": [{"itemIdentifier": number}]}
        if "token" in new:
            boto3.client("stepfunctions").send_task_success(taskToken=new["token"]["S"], output="{}")
        elif "from" in new:
            entry = {
                "EventBusName": os.environ["BUS"],
                "Source": "shop",
                "DetailType": "WorkWanted",
                "Detail": json.dumps({"pk": new["pk"]["S"]}),
            }
            answer = boto3.client("events").put_events(Entries=[entry])
            assert answer["FailedEntryCount"] == 0
    return {"batchItemFailures": []}
