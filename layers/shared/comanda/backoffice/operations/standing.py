"""What became of a message's matter meanwhile, and why it failed: read where the truth is, by its ids."""

from dataclasses import dataclass
from typing import Any, Protocol

from comanda.backoffice.operations.letters import Letter
from comanda.exports.model import Batch
from comanda.inbox.model import ALREADY_APPLIED, APPLIED, IGNORED, Processed
from comanda.orders.decision import Outgoing

OPEN, SETTLED, ENDED, GONE = "open", "settled", "ended", "gone"


@dataclass(frozen=True, slots=True)
class Standing:
    """`state`: open (a replay carries it out), settled (it has happened; a replay changes nothing), ended
    (it waits for a person; a replay changes nothing), gone. `why` says what was noted of the failure."""

    state: str
    why: str = ""
    order_id: str = ""
    name: str = ""


class Effects(Protocol):
    def find(self, owner: str, effect_id: str) -> Outgoing | None: ...


class Notices(Protocol):
    def find(self, entry_id: str) -> Processed | None: ...


class Batches(Protocol):
    def find(self, batch_id: str) -> Batch | None: ...


@dataclass(frozen=True, slots=True)
class Records:
    """At most one read for each message."""

    effects: Effects
    notices: Notices
    batches: Batches

    def standing(self, letter: Letter) -> Standing:
        if not letter.goes_to:
            return Standing(ENDED)
        if letter.effect_id:
            return _of_effect(self.effects.find(letter.order_id, letter.effect_id), letter)
        if letter.notice_id:
            return _of_notice(self.notices.find(letter.notice_id))
        if letter.batch_id and letter.what == "export_run":
            return _of_batch(self.batches.find(letter.batch_id))
        return Standing(OPEN)


def _of_effect(effect: Outgoing | None, letter: Letter) -> Standing:
    if effect is None:
        return Standing(GONE, order_id=letter.order_id)
    states = {"wanted": OPEN, "claimed": OPEN, "done": SETTLED}
    why, name = reason_of(effect.result), str(effect.data.get("event") or letter.name)
    return Standing(states.get(effect.state, ENDED), why, letter.order_id, name)


def reason_of(result: dict[str, Any]) -> str:
    return str(result.get("reason") or result.get("skipped") or "")


def _of_notice(record: Processed | None) -> Standing:
    if record is None:
        return Standing(OPEN)  # it failed before anything was noted
    settled = record.state in (APPLIED, ALREADY_APPLIED, IGNORED)
    return Standing(SETTLED if settled else OPEN, record.problem, record.order_id, record.event_type)


def _of_batch(batch: Batch | None) -> Standing:
    if batch is None:
        return Standing(GONE)
    why = f"{batch.trouble.type}: {batch.trouble.detail}" if batch.trouble else ""
    return Standing(SETTLED if batch.finished else OPEN, why, name=batch.destination)
