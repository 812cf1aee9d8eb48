"""What is known when SES does not answer with a message id."""

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from comanda.conversation.post import Refused, Ses, Unresolved, client
from comanda.dynamo.client import session


class Answers:
    """An SES client that answers or fails as told, and notes what it was asked."""

    def __init__(self, outcome: object) -> None:
        self.outcome = outcome
        self.asked: list[dict] = []

    def send_raw_email(self, **request):
        self.asked.append(request)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


def answered(status: int, code: str) -> ClientError:
    return ClientError(
        {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "SendRawEmail"
    )


def send(outcome: object) -> str:
    return Ses(Answers(outcome), "mails").send(
        b"raw", "a@example.com", ["b@example.com"], {"effect": "mail-x"}
    )


def test_a_mail_goes_with_its_tags_and_configuration_set():
    ses = Answers({"MessageId": "0100-1"})
    assert (
        Ses(ses, "mails").send(b"raw", "a@example.com", ["b@example.com"], {"order": "o", "effect": "e"})
        == "0100-1"
    )
    assert ses.asked == [
        {
            "Source": "a@example.com",
            "Destinations": ["b@example.com"],
            "RawMessage": {"Data": b"raw"},
            "Tags": [{"Name": "order", "Value": "o"}, {"Name": "effect", "Value": "e"}],
            "ConfigurationSetName": "mails",
        }
    ]


@pytest.mark.parametrize(
    ("outcome", "passing"),
    [
        (answered(400, "Throttling"), True),
        (answered(429, "TooManyRequestsException"), True),
        (answered(400, "AccountSendingPausedException"), True),
        (answered(400, "MessageRejected"), False),
        (answered(400, "InvalidParameterValue"), False),
        (EndpointConnectionError(endpoint_url="https://email"), True),
        (ConnectTimeoutError(endpoint_url="https://email"), True),
    ],
)
def test_what_was_certainly_not_taken_is_refused(outcome, passing):
    with pytest.raises(Refused) as caught:
        send(outcome)
    assert caught.value.passing is passing


@pytest.mark.parametrize(
    "outcome",
    [
        answered(500, "InternalFailure"),
        answered(503, "ServiceUnavailable"),
        ReadTimeoutError(endpoint_url="https://email"),
        ConnectionClosedError(endpoint_url="https://email"),
    ],
)
def test_what_may_have_been_taken_is_unresolved(outcome):
    with pytest.raises(Unresolved):
        send(outcome)


def test_the_client_never_repeats_by_itself(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    made = client(session())
    assert made.meta.config.retries["total_max_attempts"] == 1
