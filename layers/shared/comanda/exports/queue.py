"""Wake-up calls for batches, through the queue that the function reads."""

import json
from collections.abc import Callable
from typing import Any

LONGEST_DELAY = 900  # of SQS, in seconds


class RunsQueue:
    """`connect` makes the SQS client on first use."""

    def __init__(self, url: str, connect: Callable[[], Any]) -> None:
        self.url = url
        self._connect = connect
        self._made: Any = None

    def wake(self, batch_id: str, seconds: int = 0, call: int = 0) -> None:
        """A run that is woken too early goes back to sleep, so a longer wait is a chain of these."""
        self._send({"kind": "run", "batch_id": batch_id, "call": call}, min(seconds, LONGEST_DELAY))

    def test(self, test_id: str) -> None:
        """Have a destination tested where deliveries are made."""
        self._send({"kind": "test", "test_id": test_id}, 0)

    def _send(self, message: dict[str, Any], seconds: int) -> None:
        if self._made is None:
            self._made = self._connect()
        self._made.send_message(QueueUrl=self.url, MessageBody=json.dumps(message), DelaySeconds=seconds)
