"""Tell the merchant by mail that a batch did not get through: over the bus, like any wanted mail."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from comanda.exports.exporting import Exporting
from comanda.exports.model import Batch, State
from comanda.workflow.publish import entry


class Bus(Protocol):
    def publish(self, entries: Iterable[dict[str, Any]]) -> None: ...


class MailNotice:
    """The mail's consumer writes it once per batch, however often it is wanted."""

    def __init__(self, bus: Callable[[], Bus]) -> None:
        self.bus = bus

    def export_failed(self, batch: Batch) -> None:
        problem = f"{batch.trouble.type}: {batch.trouble.detail}" if batch.trouble else ""
        detail = {
            "kind": "mail",
            "event": "export_failed",
            "batch_id": batch.batch_id,
            "destination": batch.destination,
            "problem": problem,
        }
        self.bus().publish([entry("EffectWanted", detail)])


def tell(batch: Batch, at: Exporting) -> None:
    """Tell the merchant of a failure, until that has worked once."""
    if batch.state == State.FAILED and not batch.told:
        at.notice.export_failed(batch)
        at.batches.save(batch, told=True)
