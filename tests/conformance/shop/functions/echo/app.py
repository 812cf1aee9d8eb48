"""HTTP: answers with what it was sent; some paths put work on the queue, the table, or the floor."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import boto3
from trade import WORD


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    path = event["rawPath"]
    if path == "/echo/raise":
        raise LookupError("no such thing")
    if path == "/echo/quiet":
        return {"statusCode": 204}
    if path.startswith("/echo/put/"):
        item = {"pk": {"S": path.rsplit("/", 1)[1]}, "from": {"S": "echo"}}
        boto3.client("dynamodb").put_item(TableName=os.environ["TABLE"], Item=item)
    if path.startswith("/echo/delete/"):
        key = {"pk": {"S": path.rsplit("/", 1)[1]}}
        boto3.client("dynamodb").delete_item(TableName=os.environ["TABLE"], Key=key)
    if path.startswith("/echo/store/"):
        bucket, key = path.split("/")[3:]
        boto3.client("s3").put_object(Bucket=bucket, Key=f"raw/{key}", Body=b"{}")
    if path.startswith("/echo/mail/"):
        raw = f"From: Tienda <{path.rsplit('/', 1)[1]}>\r\nTo: a@b.example\r\nSubject: x\r\n\r\nx"
        boto3.client("ses").send_raw_email(RawMessage={"Data": raw.encode()})
    if path == "/echo/secret":
        boto3.client("secretsmanager").get_secret_value(SecretId=os.environ["SECRET"])
    if path.startswith("/echo/queue/"):
        body = json.dumps({"pk": path.rsplit("/", 1)[1]})
        boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody=body)
    answer = {"word": WORD, "event": event, "executable": sys.executable, "folder": str(Path.cwd())}
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(answer)}
