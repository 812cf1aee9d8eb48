"""Mails: what is known of those sent, and who sends them."""

from functools import cache
from typing import TYPE_CHECKING

from comanda import wiring
from comanda.environment import variable

if TYPE_CHECKING:
    from comanda.conversation.notice_book import NoticeBook
    from comanda.conversation.room import MailRoom


@cache
def notices() -> "NoticeBook":
    from comanda.conversation.notice_book import NoticeBook

    return NoticeBook(variable("JOBS_TABLE"))


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
        urls=lambda: Urls(wiring.public_url(), wiring.keys()),
        sender=variable("MAIL_FROM"),
        now=wiring.now,
    )
