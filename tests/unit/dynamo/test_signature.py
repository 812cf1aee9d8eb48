"""The signature that AWS checks is the one botocore makes."""

from datetime import UTC, datetime

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials
from hypothesis import given
from hypothesis import strategies as st
from time_machine import travel

from comanda.dynamo.signature import API, CONTENT_TYPE, Signer

words = st.text("abcXYZ019/+-", min_size=1, max_size=40)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2099, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
hosts = st.sampled_from(["dynamodb.eu-south-2.amazonaws.com", "127.0.0.1:8000", "vpce-1.dynamodb.example"])


@given(
    keys=st.builds(ReadOnlyCredentials, words, words, st.none() | words),
    host=hosts,
    at=moments,
    body=st.binary(),
)
def test_it_signs_as_botocore_does(keys: ReadOnlyCredentials, host: str, at: datetime, body: bytes) -> None:
    ours = Signer(host, "eu-south-2", lambda: keys).headers("PutItem", body, at)
    headers = {"content-type": CONTENT_TYPE, "host": host, "x-amz-target": f"{API}.PutItem"}
    theirs = AWSRequest("POST", f"https://{host}/", headers=headers, data=body)
    with travel(at, tick=False):
        SigV4Auth(keys, "dynamodb", "eu-south-2").add_auth(theirs)
    assert ours["authorization"] == theirs.headers["Authorization"]
    assert ours["x-amz-date"] == theirs.headers["X-Amz-Date"]
    assert ours.get("x-amz-security-token") == theirs.headers.get("X-Amz-Security-Token")


def test_credentials_are_asked_for_each_time() -> None:
    """A role's credentials change while the process lives."""
    held = [ReadOnlyCredentials("second", "b", "t2"), ReadOnlyCredentials("first", "a", None)]
    signer = Signer("dynamodb.example", "us-east-1", held.pop)
    now = datetime(2026, 11, 22, tzinfo=UTC)
    first, second = (signer.headers("Query", b"{}", now) for _ in range(2))
    assert "Credential=first/" in first["authorization"]
    assert "x-amz-security-token" not in first
    assert "Credential=second/" in second["authorization"]
    assert second["x-amz-security-token"] == "t2"


@pytest.mark.parametrize("body", [b"{}", b'{"TableName":"Pedidos"}'])
def test_another_body_is_another_signature(body: bytes) -> None:
    signer = Signer("dynamodb.example", "us-east-1", lambda: ReadOnlyCredentials("a", "b", None))
    now = datetime(2026, 11, 22, tzinfo=UTC)
    ours = signer.headers("Query", body, now)["authorization"]
    assert ours != signer.headers("Query", body + b" ", now)["authorization"]
