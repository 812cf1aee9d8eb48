"""AWS's own DynamoDB engine with the template's tables, and the rest of AWS in memory."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError

from tests.functional.conftest import PLAIN, SECRETS
from tests.template import table_variable, tables

ENGINE = Path(".tools/dynamodb-local")
KEYS = {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench", "AWS_DEFAULT_REGION": "us-east-1"}


class NoEngine(Exception):
    """`make tools` has not been run, or there is no Java."""


@contextmanager
def aws(kept: Path | None = None) -> Iterator[Any]:
    """Yields a client of the engine that nobody measures. `kept`: a directory for its file; in memory
    without one."""
    from moto import mock_aws

    os.environ.update(KEYS | PLAIN)
    with _running(kept) as url, mock_aws():
        os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = url
        database = boto3.client("dynamodb")
        _make(database)
        yield database


@contextmanager
def _running(kept: Path | None) -> Iterator[str]:
    if not (ENGINE / "DynamoDBLocal.jar").exists():
        raise NoEngine("AWS's own DynamoDB engine is not there: make tools")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["java", "-Xmx256m", f"-Djava.library.path={ENGINE}/DynamoDBLocal_lib"]
    command += ["-jar", f"{ENGINE}/DynamoDBLocal.jar", "-sharedDb", "-disableTelemetry"]
    command += ["-dbPath", str(kept)] if kept else ["-inMemory"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([*command, "-port", str(port)], stdout=quiet, stderr=quiet)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _wait(url: str) -> None:
    client = boto3.client("dynamodb", endpoint_url=url)
    for _ in range(240):  # it may take a minute on a busy machine
        try:
            client.list_tables()
        except BotoCoreError:
            time.sleep(0.25)
        else:
            return
    raise NoEngine("AWS's own DynamoDB engine did not answer")


def _make(database: Any) -> None:
    """Tables, secrets, buckets and queues as the handlers expect them."""
    for name, definition in tables().items():
        with suppress(database.exceptions.ResourceInUseException):  # it was kept
            database.create_table(TableName=name, **definition)
        os.environ[table_variable(name)] = name
    for variable, value in SECRETS.items():
        made = boto3.client("secretsmanager").create_secret(Name=variable, SecretString=json.dumps(value))
        os.environ[variable] = made["ARN"]
    for variable in ("RAW_BUCKET", "EXPORT_BUCKET"):
        os.environ[variable] = variable.lower().replace("_", "-")
        boto3.client("s3").create_bucket(Bucket=os.environ[variable])
    for variable in ("EXPORT_RUNS_QUEUE", "PAYMENT_EVENTS_QUEUE", "CARRIER_EVENTS_QUEUE"):
        os.environ[variable] = boto3.client("sqs").create_queue(QueueName=variable)["QueueUrl"]
    os.environ["EVENT_BUS"] = "bus"
    boto3.client("ses").verify_email_identity(EmailAddress=PLAIN["MAIL_FROM"])
