"""Amazon SES: hand a mail over, and say honestly what is known when that fails."""

from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ProxyConnectionError,
)

# The request never reached SES.
NOT_SENT = (ConnectTimeoutError, EndpointConnectionError, NoCredentialsError, ProxyConnectionError)
PASSING = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "LimitExceededException",
        "AccountSendingPausedException",
        "ConfigurationSetSendingPausedException",
        "MailFromDomainNotVerifiedException",
        "ConfigurationSetDoesNotExist",
        "ExpiredToken",
        "RequestExpired",
        "AccessDenied",
        "AccessDeniedException",
    }
)


class Refused(Exception):
    """SES certainly did not take the mail. `passing`: the same mail may be taken later."""

    def __init__(self, reason: str, *, passing: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.passing = passing


class Unresolved(Exception):
    """Nobody knows whether SES took the mail."""


class Ses:
    """Sends once: a client that repeats by itself would send twice after a lost answer."""

    def __init__(self, client: Any, configuration_set: str) -> None:
        self.client = client
        self.configuration_set = configuration_set

    def send(self, raw: bytes, sender: str, recipients: Sequence[str], tags: Mapping[str, str]) -> str:
        """Hand the mail over and answer SES's message id. Raises Refused or Unresolved."""
        try:
            answer = self.client.send_raw_email(
                Source=sender,
                Destinations=list(recipients),
                RawMessage={"Data": raw},
                Tags=[{"Name": name, "Value": value} for name, value in tags.items()],
                ConfigurationSetName=self.configuration_set,
            )
        except ClientError as error:
            raise _judged(error) from error
        except NOT_SENT as error:
            raise Refused(type(error).__name__, passing=True) from error
        except BotoCoreError as error:
            raise Unresolved(type(error).__name__) from error
        return str(answer["MessageId"])


def _judged(error: ClientError) -> Exception:
    """A 4xx was decided before the mail was taken; a 5xx says nothing."""
    code = error.response["Error"]["Code"]
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500))
    if status >= 500:
        return Unresolved(code)
    return Refused(code, passing=code in PASSING or status == 429)


def client(session: Any) -> Any:
    """An SES client that never repeats by itself."""
    from botocore.config import Config

    config = Config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 1})
    return session.create_client("ses", config=config)
