"""Mails: what is known of those sent, and who sends them."""

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from comanda import wiring
from comanda.environment import variable

if TYPE_CHECKING:
    from comanda.conversation.notice_book import NoticeBook
    from comanda.conversation.own_bounces import OwnBounces
    from comanda.conversation.room import MailRoom
    from comanda.conversation.troubles import TroubleStore


@cache
def notices() -> "NoticeBook":
    from comanda.conversation.notice_book import NoticeBook

    return NoticeBook(variable("JOBS_TABLE"))


@cache
def troubles() -> "TroubleStore":
    from comanda.conversation.troubles import TroubleStore

    return TroubleStore(variable("JOBS_TABLE"))


@cache
def own_bounces() -> "OwnBounces":
    from comanda.conversation.own_bounces import OwnBounces

    addresses = lambda: wiring.settings().section("notifications")[0].merchant_addresses  # noqa: E731
    return OwnBounces(variable("JOBS_TABLE"), addresses)


@cache
def mail_room() -> "MailRoom":
    from comanda.conversation.post import Ses, client
    from comanda.conversation.room import MailRoom
    from comanda.conversation.urls import Urls
    from comanda.dynamo.client import session

    return MailRoom(
        orders=wiring.orders(),
        outbox=wiring.outbox(),
        notices=wiring.notices(),
        settings=wiring.settings(),
        post=Ses(client(session()), variable("MAIL_CONFIGURATION_SET")),
        papers=wiring.enclosing(),
        urls=lambda: Urls(wiring.public_url(), wiring.keys()),
        sender=variable("MAIL_FROM"),
        now=wiring.now,
    )


def mail_later(message: dict[str, Any]) -> None:
    """Put a wanted mail back into its queue until what it tells can no longer be taken back."""
    back_in_queue(variable("MAIL_QUEUE"), message)


def back_in_queue(queue: str, message: dict[str, Any]) -> None:
    """Put the message of a wanted effect back until what it follows from can no longer be taken back."""
    from comanda.origin import UNDO_SECONDS

    wiring.aws("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(message), DelaySeconds=UNDO_SECONDS)
