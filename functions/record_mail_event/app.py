"""Queue of SES events — records bounces and complaints, and settles mails that went out."""

from typing import Any

from comanda import wiring
from comanda.conversation.feedback import record_mail_event
from comanda.runtime.queue import queue_function


def record(message: dict[str, Any]) -> None:
    record_mail_event(
        message,
        customers=wiring.customers(),
        orders=wiring.outbox(),
        notices=wiring.notices().outbox,
        troubles=wiring.troubles(),
        own=wiring.own_bounces(),
    )


lambda_handler = queue_function(record)
