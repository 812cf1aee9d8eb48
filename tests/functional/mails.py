"""Mails in functional tests: what SES got, and messages as the bus delivers them."""

import json
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from comanda import wiring
from comanda.orders.decision import Outgoing


def outbox() -> list[Any]:
    """Everything SES took in this test, oldest first."""
    sent: list[Any] = ses_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].sent_messages
    return sent


def letters() -> list[EmailMessage]:
    return [message_from_bytes(mail.raw_data.encode(), policy=policy.default) for mail in outbox()]


def recipients(number: int = -1) -> list[str]:
    """Whom SES was told to send to; the mock appends the header To to what it was told."""
    mail = outbox()[number]
    named: list[str] = mail.destinations
    return named[: len(named) // 2]


def queued(detail: dict[str, Any], detail_type: str = "EffectWanted") -> dict[str, Any]:
    """A Lambda event with one SQS message as the bus puts it into the queue."""
    body = {"version": "0", "detail-type": detail_type, "source": "comanda.orders", "detail": detail}
    return {"Records": [{"messageId": "m-1", "body": json.dumps(body)}]}


def effects(order_id: str) -> dict[str, Outgoing]:
    """The mails an order wants or wanted, by their event."""
    found = wiring.desk().load(order_id).effects
    return {str(one.data["event"]): one for one in found if one.kind == "mail"}


def deliver(order_id: str, event: str) -> list[str]:
    """Run the mail function on the effect of an event; answers the failed messages."""
    from functions.send_mail.app import lambda_handler

    effect = effects(order_id)[event]
    detail = {"order_id": order_id, "effect_id": effect.effect_id, "kind": "mail"}
    failed = lambda_handler(queued(detail), None)["batchItemFailures"]
    return [one["itemIdentifier"] for one in failed]


def ses_event(kind: str, tags: dict[str, str], **part: Any) -> dict[str, Any]:
    """An event of SES as EventBridge hands it to the queue."""
    names = {"Send": "Email Sent", "Bounce": "Email Bounced", "Complaint": "Email Complaint Received"}
    mail = {
        "timestamp": "2026-11-22T10:00:00.000Z",
        "messageId": "0100-from-ses",
        "destination": ["ana@example.com"],
        "tags": {name: [value] for name, value in tags.items()} | {"ses:configuration-set": ["mails"]},
    }
    detail = {"eventType": kind, "mail": mail, kind.lower(): part}
    body = {
        "version": "0",
        "id": "e-1",
        "detail-type": names.get(kind, kind),
        "source": "aws.ses",
        "detail": detail,
    }
    return {"Records": [{"messageId": "m-1", "body": json.dumps(body)}]}
