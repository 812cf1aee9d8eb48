"""Notes of messages that are being sent back, so that none is sent twice without anybody knowing."""

import json
from datetime import datetime, timedelta

from comanda.canonical import canonical
from comanda.dynamo.jobs import PartRow

NEW, SENDING, SENT = "new", "sending", "sent"
KEEP = timedelta(days=20)  # longer than a queue keeps a message


class ReplayNotes:
    """`REPLAY#<queue>#<message id>` in the Jobs table."""

    def __init__(self, table: str) -> None:
        PartRow.bind(table)

    def begin(self, queue: str, message_id: str, now: datetime) -> str:
        """How far an earlier try came: NEW, SENDING (it may have been sent) or SENT."""
        row = PartRow.read(_pk(queue, message_id), "NOTE")
        if row is not None:
            return str(json.loads(row.body)["state"])
        self._write(queue, message_id, SENDING, now)
        return NEW

    def sent(self, queue: str, message_id: str, now: datetime) -> None:
        self._write(queue, message_id, SENT, now)

    def _write(self, queue: str, message_id: str, state: str, now: datetime) -> None:
        row = PartRow(_pk(queue, message_id), "NOTE", body=canonical({"state": state}))
        row.expires_at = int((now + KEEP).timestamp())
        PartRow.write(row)


def _pk(queue: str, message_id: str) -> str:
    return f"REPLAY#{queue}#{message_id}"
