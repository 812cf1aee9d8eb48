"""What a message of the export queue asks for."""

from collections.abc import Callable
from typing import Any

from comanda.exports.exporting import Exporting
from comanda.exports.probing import Probing
from comanda.exports.requests import scheduled_runs
from comanda.exports.run import run


def work(
    message: dict[str, Any], at: Exporting, probing: Callable[[], Probing], left: Callable[[], float]
) -> None:
    """`{"kind": "run", "batch_id": …}` works on a batch, `{"kind": "schedule"}` starts what is due,
    `{"kind": "test", "test_id": …}` tries a destination out."""
    if message.get("kind") == "test":
        probing().make(message["test_id"])
    elif message.get("kind") == "schedule":
        scheduled_runs(at)
    else:
        run(message["batch_id"], at, left, int(message.get("call", 0)))
