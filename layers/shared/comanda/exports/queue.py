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
        if self._made is None:
            self._made = self._connect()
        self._made.send_message(
            QueueUrl=self.url,
            MessageBody=json.dumps({"kind": "run", "batch_id": batch_id, "call": call}),
            DelaySeconds=min(seconds, LONGEST_DELAY),
        )
