"""Queues: after a restart nobody holds a message any more."""

import time
from typing import Any

from ministack.services import sqs


def apply() -> None:
    """Messages in hand at the stop would stay hidden for their time-out, their workers gone."""
    restore = sqs.load_persisted_state

    def load_persisted_state(data: dict[str, Any]) -> None:
        restore(data)
        for queue in list(sqs._queues._data.values()):
            for message in queue["messages"]:
                if message.get("receive_count"):
                    message["visible_at"] = min(message["visible_at"], time.time())

    sqs.load_persisted_state = load_persisted_state
