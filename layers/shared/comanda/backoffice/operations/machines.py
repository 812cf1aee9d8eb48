"""Step Functions as operators see it: executions by state, where one failed, and redriving it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from comanda.errors import Malformed, NotFound
from comanda.times import stamp

LIFECYCLE, BULK = "order_lifecycle", "bulk_action"
RUNNING, FAILED, TIMED_OUT, ABORTED, SUCCEEDED = "RUNNING", "FAILED", "TIMED_OUT", "ABORTED", "SUCCEEDED"
STATES = (RUNNING, FAILED, TIMED_OUT, ABORTED, SUCCEEDED)
BROKEN = frozenset({FAILED, TIMED_OUT, ABORTED})
LAST_EVENTS = 40  # in which the last state that was entered is found, whatever its retries wrote after it
ENTERED = "StateEntered"
# Where redriving is not possible: older than 14 days, redriven too often, or a service that has no such call.
NOT_REDRIVEN = frozenset(
    {"ExecutionNotRedrivable", "ExecutionLimitExceeded", "InvalidAction", "UnknownOperationException"}
)


@dataclass(frozen=True, slots=True)
class Run:
    """One execution. `name` is `{id of its matter}-{run}`."""

    machine: str
    name: str
    state: str
    started_at: str
    stopped_at: str = ""

    @property
    def matter(self) -> str:
        """The order's or the job's id."""
        return self.name.rpartition("-")[0]

    @property
    def number(self) -> int:
        last = self.name.rpartition("-")[2]
        return int(last) if last.isdecimal() and last.isascii() and len(last) < 9 else 0


@dataclass(frozen=True, slots=True)
class Failure:
    """The state that failed, and what it said."""

    step: str
    error: str
    cause: str


class Machines:
    """`arns` has the state machines by their codes; `connect` makes the client."""

    def __init__(self, connect: Callable[[], Any], arns: dict[str, str]) -> None:
        self.connect = connect
        self.arns = arns

    def runs(self, machine: str, state: str, limit: int, cursor: str = "") -> tuple[list[Run], str]:
        """Executions, newest first, and where to go on. One request. Raises NotFound, Malformed."""
        request: dict[str, Any] = {"stateMachineArn": self._arn(machine), "maxResults": limit}
        request |= {"statusFilter": state} if state else {}
        request |= {"nextToken": cursor} if cursor else {}
        try:
            answer = self.connect().list_executions(**request)
        except ClientError as error:
            if error.response["Error"]["Code"] == "InvalidToken":
                raise Malformed("this list has moved on: begin at its first page") from error
            raise
        found = [_run(machine, one) for one in answer["executions"]]
        return found, str(answer.get("nextToken") or "")

    def run(self, machine: str, name: str) -> Run:
        """Raises NotFound; executions are forgotten 90 days after their end."""
        try:
            answer = self.connect().describe_execution(executionArn=self._execution(machine, name))
        except ClientError as error:
            if error.response["Error"]["Code"] != "ExecutionDoesNotExist":
                raise
            raise NotFound("there is no such execution, or it is older than 90 days") from error
        return _run(machine, answer | {"name": name})

    def failure(self, run: Run) -> Failure:
        """Where and why it failed, from the end of its history."""
        answer = self.connect().get_execution_history(
            executionArn=self._execution(run.machine, run.name), reverseOrder=True, maxResults=LAST_EVENTS
        )
        step, error, cause = "", "", ""
        for event in answer["events"]:
            details: dict[str, Any] = next((v for k, v in event.items() if k.endswith("EventDetails")), {})
            error = error or str(details.get("error") or "")
            cause = cause or str(details.get("cause") or "")
            if event["type"].endswith(ENTERED):
                step = str(details.get("name") or "")
                break
        return Failure(step, error, readable(cause))

    def redrive(self, run: Run) -> bool:
        """Run its failed state again, in the same execution; False where that is not possible any more."""
        try:
            self.connect().redrive_execution(executionArn=self._execution(run.machine, run.name))
        except ClientError as error:
            if error.response["Error"]["Code"] not in NOT_REDRIVEN:
                raise
            return False
        return True

    def _arn(self, machine: str) -> str:
        if machine not in self.arns:
            raise NotFound("there is no such state machine")
        return self.arns[machine]

    def _execution(self, machine: str, name: str) -> str:
        return f"{self._arn(machine).replace(':stateMachine:', ':execution:')}:{name}"


def _run(machine: str, said: dict[str, Any]) -> Run:
    stopped = said.get("stopDate")
    ended = stamp(stopped) if stopped else ""
    return Run(machine, str(said["name"]), str(said["status"]), stamp(said["startDate"]), ended)


def readable(cause: str) -> str:
    """A function's failure is told as JSON with its stack; people are told the message."""
    try:
        told = json.loads(cause)
        return str(told["errorMessage"])
    except (ValueError, TypeError, KeyError):
        return cause[:500]
