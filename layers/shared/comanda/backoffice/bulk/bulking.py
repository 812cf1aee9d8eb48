"""What bulk jobs need of the outside, and what their steps share."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import ClientError

from comanda.backoffice.bulk.store import JobStore
from comanda.backoffice.run_command import CommandDesk
from comanda.exports.exporting import Exporting
from comanda.fulfilment.scan import Scanning
from comanda.ids import NewId
from comanda.settings.pauses import Paused, never_paused
from comanda.workflow.executions import GONE

if TYPE_CHECKING:
    from comanda.backoffice.shipping_labels import LabelDesk
    from comanda.documents.printing import Printing


class Runs(Protocol):
    """The executions of jobs."""

    def start(self, job_id: str, run: int) -> None: ...

    def lives(self, job_id: str, run: int) -> bool: ...


class Seen(Protocol):
    def seen(self, order_id: str, identity: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Bulking:
    """Everything behind the use cases of this area.

    `select` lists the ids that fit a filter at a moment, `left_on` those with parcels of a day (empty: that
    of a moment), a carrier and a location (empty: any); `ids_of` finds orders by their numbers; `today` is
    the shop's day.
    """

    jobs: JobStore
    commands: CommandDesk
    orders: Seen
    scanning: Callable[[], Scanning]
    exporting: Callable[[], Exporting]
    printing: Callable[[], "Printing"]
    labels: Callable[[], "LabelDesk"]
    select: Callable[[dict[str, Any], str], Iterable[str]]
    left_on: Callable[[str, str, str, str], Iterable[str]]
    ids_of: Callable[[Sequence[str]], Mapping[str, str]]
    now: Callable[[], datetime]
    new_id: NewId
    pause: Callable[[float], None]
    today: Callable[[], str]
    paused: Paused = never_paused


class BulkRuns:
    """One execution per run of a job, `{job_id}-{run}`."""

    def __init__(self, client: Any, state_machine: str) -> None:
        self.client = client
        self.state_machine = state_machine

    def start(self, job_id: str, run: int) -> None:
        """A run that was started before is the same."""
        try:
            self.client.start_execution(
                stateMachineArn=self.state_machine,
                name=f"{job_id}-{run}",
                input=json.dumps({"job_id": job_id, "run": run}),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ExecutionAlreadyExists":
                raise

    def lives(self, job_id: str, run: int) -> bool:
        machine = self.state_machine.replace(":stateMachine:", ":execution:")
        try:
            answer = self.client.describe_execution(executionArn=f"{machine}:{job_id}-{run}")
        except ClientError as error:
            if error.response["Error"]["Code"] not in GONE:
                raise
            return False
        return str(answer["status"]) == "RUNNING"
