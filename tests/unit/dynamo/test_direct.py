"""Direct requests: what is read here, and what is left to botocore."""

import json
from collections.abc import Callable
from typing import Any

import botocore.session
import pytest
from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import ClientError
from urllib3.exceptions import ProtocolError

from comanda.dynamo.direct import OPERATIONS, Direct
from comanda.dynamo.signature import Signer

PREFIX = "com.amazonaws.dynamodb.v20120810#"
ASKED = {"TableName": "orders", "Key": {"pk": {"S": "o1"}}}


class Answers:
    """Stands where the connections stand: gives one answer, keeps what was sent."""

    def __init__(self, status: int, body: Any) -> None:
        self.status, self.sent = status, list[tuple[str, Any]]()
        self.content = body if isinstance(body, bytes) else json.dumps(body).encode()

    def send(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        self.sent.append((headers["x-amz-target"], json.loads(body)))
        return self.status, self.content


class Broken:
    def send(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        raise ProtocolError("the connection was cut")


class Boto:
    """Botocore's client; what it is asked is kept and answered in its own way."""

    def __init__(self) -> None:
        made = botocore.session.get_session().create_client(
            "dynamodb", "us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
        )
        self.exceptions, self.meta = made.exceptions, made.meta
        self.asked = list[tuple[str, Any]]()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in OPERATIONS:
            raise AttributeError(name)
        return lambda **params: (self.asked.append((name, params)), {"by": "botocore"})[1]


def direct(wire: Any) -> tuple[Direct, Boto]:
    boto = Boto()
    keys = ReadOnlyCredentials("key", "secret", None)
    return Direct(boto, wire, Signer("dynamodb.example", "us-east-1", lambda: keys)), boto


def test_a_plain_answer_is_read_here() -> None:
    wire = Answers(200, {"Item": {"pk": {"S": "o1"}, "packed": {"B": "AAH/"}, "B": {"M": {"B": {"S": "x"}}}}})
    client, boto = direct(wire)
    item = client.get_item(**ASKED)["Item"]
    assert item == {"pk": {"S": "o1"}, "packed": {"B": b"\x00\x01\xff"}, "B": {"M": {"B": {"S": "x"}}}}
    assert wire.sent == [("DynamoDB_20120810.GetItem", ASKED)]
    assert boto.asked == []


def test_bytes_and_sets_travel_as_json() -> None:
    wire = Answers(200, {})
    client, _ = direct(wire)
    client.put_item(TableName="t", Item={"b": {"B": b"\x00\xff"}, "s": {"SS": {"b", "a"}}})
    assert wire.sent[0][1]["Item"] == {"b": {"B": "AP8="}, "s": {"SS": ["a", "b"]}}


def test_what_dynamodb_does_not_take_is_not_sent() -> None:
    wire = Answers(200, {})
    client, boto = direct(wire)
    with pytest.raises(TypeError, match="complex"):
        client.put_item(TableName="t", Item={"n": {"N": 1j}})
    assert wire.sent == boto.asked == []


def test_a_refused_condition_is_told_as_botocore_tells_it() -> None:
    reasons = [{"Code": "None"}, {"Code": "ConditionalCheckFailed", "Item": {"v": {"B": "AA=="}}}]
    wire = Answers(
        400,
        {"__type": PREFIX + "TransactionCanceledException", "Message": "no", "CancellationReasons": reasons},
    )
    client, boto = direct(wire)
    with pytest.raises(boto.exceptions.TransactionCanceledException) as refused:
        client.transact_write_items(TransactItems=[])
    answer = refused.value.response
    assert answer["Error"] == {"Code": "TransactionCanceledException", "Message": "no"}
    assert answer["CancellationReasons"][1]["Item"] == {"v": {"B": b"\x00"}}
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert isinstance(refused.value, ClientError)
    assert boto.asked == []


@pytest.mark.parametrize(
    "wire",
    [
        Answers(400, {"__type": PREFIX + "ThrottlingException", "message": "slow"}),
        Answers(400, {"__type": PREFIX + "ProvisionedThroughputExceededException"}),
        Answers(400, {"__type": "com.amazon.coral.service#ExpiredTokenException"}),
        Answers(400, {"__type": PREFIX + "ResourceNotFoundException"}),
        Answers(500, {"__type": PREFIX + "InternalServerError"}),
        Answers(503, b"<html>busy</html>"),
        Answers(200, b'{"Item": {"pk"'),
        Broken(),
    ],
    ids=["throttled", "over-capacity", "expired", "no-table", "fault", "no-json", "cut-short", "broken"],
)
def test_all_else_is_asked_again_through_botocore(wire: Any) -> None:
    client, boto = direct(wire)
    assert client.get_item(**ASKED) == {"by": "botocore"}
    assert boto.asked == [("get_item", ASKED)]


def test_other_attributes_are_botocores() -> None:
    client, boto = direct(Broken())
    assert client.exceptions is boto.exceptions
    assert client.meta is boto.meta
    with pytest.raises(AttributeError):
        client.no_such_operation  # noqa: B018
