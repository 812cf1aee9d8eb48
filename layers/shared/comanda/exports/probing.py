"""Tests of destinations: asked for by staff, made where deliveries are made, kept for a day."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from comanda.dynamo.jobs import PartRow
from comanda.errors import NotFound, WrongState
from comanda.ids import NewId
from comanda.settings.sections import Destination
from comanda.times import stamp

KEPT = timedelta(days=1)
LOST_SECONDS = 90  # a test that has not answered by then will not


@dataclass(frozen=True, slots=True)
class Finding:
    """What a test has shown: the server's key (`ssh-ed25519 AAAA…`, and as people compare it), and what is
    wrong (`problem`, one of docs/exports.md); no problem and `ok` means that a file can be delivered."""

    host_key: str = ""
    fingerprint: str = ""
    ok: bool = False
    problem: str = ""
    detail: str = ""

    def failed(self, problem: str, detail: str) -> "Finding":
        return replace(self, ok=False, problem=problem, detail=detail)

    def passed(self) -> "Finding":
        return replace(self, ok=True)


@dataclass(frozen=True, slots=True)
class Trial:
    """`finding` is None until it is made."""

    test_id: str
    destination: str
    host: str
    port: int
    asked_by: str
    asked_at: str
    done_at: str = ""
    finding: Finding | None = None


class Runs(Protocol):
    def test(self, test_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Probing:
    """`prober` tries a destination out, by its code, leaving no file behind."""

    table: str
    destinations: Callable[[], dict[str, Destination]]
    prober: Callable[[str, Destination, str], Finding]
    runs: Runs
    now: Callable[[], datetime]
    new_id: NewId

    def ask(self, code: str, actor: str) -> Trial:
        """Have a destination tested as the settings have it now. Raises NotFound."""
        to = self.destinations().get(code)
        if to is None:
            raise NotFound(f"there is no export destination {code!r}")
        test = Trial(self.new_id(), code, to.host, to.port, actor, stamp(self.now()))
        self._keep(test)
        self.runs.test(test.test_id)
        return test

    def find(self, test_id: str) -> Trial:
        """Raises NotFound."""
        PartRow.bind(self.table)
        row = PartRow.read(_pk(test_id), "TEST")
        if row is None:
            raise NotFound("there is no such test")
        body = json.loads(row.body)
        return Trial(**body | {"finding": Finding(**body["finding"]) if body["finding"] else None})

    def make(self, test_id: str) -> None:
        """Make a test that was asked for; one that was made stays as it is."""
        test = self.find(test_id)
        if test.finding is None:
            to = self.destinations().get(test.destination)
            unknown = Finding(problem="destination-unknown", detail="it was removed from the settings")
            finding = self.prober(test.destination, to, f".comanda-test-{test_id}") if to else unknown
            self._keep(replace(test, finding=finding, done_at=stamp(self.now())))

    def to_confirm(self, test_id: str, code: str) -> str:
        """The key that a test of this destination has shown.

        Raises NotFound, or WrongState when the settings name another server by now, or it showed none.
        """
        test, to = self.find(test_id), self.destinations().get(code)
        if test.destination != code or to is None:
            raise NotFound("there is no such test of this destination")
        if (test.host, test.port) != (to.host, to.port):
            raise WrongState("destination-moved", "the destination names another server since this test")
        if test.finding is None or not test.finding.host_key:
            raise WrongState("no-host-key", "this test has not seen the server's key")
        return test.finding.host_key

    def _keep(self, test: Trial) -> None:
        PartRow.bind(self.table)
        row = PartRow(_pk(test.test_id), "TEST", body=json.dumps(asdict(test)))
        row.expires_at = int((self.now() + KEPT).timestamp())
        PartRow.write(row)


def told(test: Trial) -> dict[str, Any]:
    """A test as the staff API shows it."""
    found = test.finding
    return {
        "test_id": test.test_id,
        "destination": test.destination,
        "state": "done" if found else "running",
        "ok": found.ok if found else None,
        "host_key": (found.host_key or None) if found else None,
        "fingerprint": (found.fingerprint or None) if found else None,
        "problem": {"type": found.problem, "detail": found.detail} if found and found.problem else None,
        "asked_by": test.asked_by,
        "asked_at": test.asked_at,
        "done_at": test.done_at or None,
    }


def _pk(test_id: str) -> str:
    return f"EXPORTTEST#{test_id}"
