"""The SMTP server that the embedded mail service delivers to: accepts everything."""

from datetime import UTC, datetime
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from local.mailbox.store import Store

LARGEST_MAIL = 40 * 1024 * 1024


class Catcher:
    """Called by aiosmtpd once per mail, with its envelope."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        self._store.add(content, tuple(envelope.rcpt_tos), datetime.now(UTC))
        return "250 Message kept"


def controller(store: Store, host: str, port: int) -> Any:
    return Controller(
        Catcher(store), hostname=host, port=port, data_size_limit=LARGEST_MAIL, enable_SMTPUTF8=True
    )
