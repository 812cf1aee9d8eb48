"""Step Functions for functional tests: runs our own state machine, with the real function behind each task.

It knows what our definition uses: tasks with and without token, Retry (without its pauses), Catch, Choice,
Pass, Succeed and Fail. Time does not pass in it.
"""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from tests.unit.template.walker import _filled as filled
from tests.unit.template.walker import _holds as holds
from tests.unit.template.walker import _put as put

DEFINITION = json.loads(
    (Path(__file__).parent.parent.parent / "statemachines" / "order_lifecycle.asl.json").read_text()
)
STATES: dict[str, dict[str, Any]] = DEFINITION["States"]
WAITING = ".waitForTaskToken"


class Failed(Exception):
    """A task failed; `name` is what Retry and Catch compare."""

    def __init__(self, name: str, cause: str = "") -> None:
        super().__init__(name)
        self.name, self.cause = name, cause


@dataclass
class Run:
    arn: str
    data: dict[str, Any]
    state: str = ""
    status: str = "RUNNING"
    token: str = ""
    attempt: int = 0
    entered: list[str] = field(default_factory=list)
    failed: tuple[str, str] = ("", "")  # error and cause of a run that failed
    began: datetime = field(default_factory=lambda: datetime.now(UTC))


class StepFunctions:
    """Takes the calls of a low-level client. `step` is the Lambda function of the tasks."""

    def __init__(self, step: Callable[[dict[str, Any], Any], Any]) -> None:
        self.step = step
        self.runs: dict[str, Run] = {}
        self.tokens = 0
        self.redrives = True  # whether a run that ended can be redriven
        self._calling: list[str] = []  # tokens whose function is running just now
        self._early: dict[str, Any] = {}  # answers given before the function returned

    # -- what our code calls ---------------------------------------------------------------------

    def start_execution(self, *, stateMachineArn: str, name: str, input: str) -> dict[str, Any]:
        arn = f"{stateMachineArn.replace(':stateMachine:', ':execution:')}:{name}"
        if arn in self.runs:
            raise _error("StartExecution", "ExecutionAlreadyExists")
        run = self.runs[arn] = Run(arn, json.loads(input))
        self._enter(run, DEFINITION["StartAt"])
        return {"executionArn": arn}

    def describe_execution(self, *, executionArn: str) -> dict[str, Any]:
        if executionArn not in self.runs:
            raise _error("DescribeExecution", "ExecutionDoesNotExist")
        return self._described(self.runs[executionArn])

    def list_executions(
        self, *, stateMachineArn: str, maxResults: int, statusFilter: str = "", nextToken: str = ""
    ) -> dict[str, Any]:
        """Newest first; the token is the place to go on."""
        machine = stateMachineArn.replace(":stateMachine:", ":execution:")
        fitting = [one for arn, one in self.runs.items() if arn.startswith(f"{machine}:")]
        fitting = [one for one in reversed(fitting) if statusFilter in ("", one.status)]
        if nextToken and not nextToken.isdecimal():
            raise _error("ListExecutions", "InvalidToken")
        start = int(nextToken or 0)
        page = [self._described(one) for one in fitting[start : start + maxResults]]
        more = start + maxResults < len(fitting)
        return {"executions": page} | ({"nextToken": str(start + maxResults)} if more else {})

    def get_execution_history(
        self, *, executionArn: str, reverseOrder: bool, maxResults: int
    ) -> dict[str, Any]:
        """The end of it: what failed, and the last state that was entered."""
        run = self.runs[executionArn]
        entered = {"type": "TaskStateEntered", "stateEnteredEventDetails": {"name": run.entered[-1]}}
        if run.status != "FAILED":
            return {"events": [entered]}
        error, cause = run.failed
        details = {"error": error, "cause": cause}
        failed = {"type": "ExecutionFailed", "executionFailedEventDetails": details}
        task = {"type": "TaskFailed", "taskFailedEventDetails": details}
        return {"events": [failed, task, entered]}

    def redrive_execution(self, *, executionArn: str) -> dict[str, Any]:
        """The failed state again, in the same execution."""
        run = self.runs[executionArn]
        if not self.redrives or run.status == "RUNNING":
            raise _error("RedriveExecution", "ExecutionNotRedrivable")
        run.status = "RUNNING"
        self._enter(run, run.entered[-1])
        return {}

    def _described(self, run: Run) -> dict[str, Any]:
        stopped = {} if run.status == "RUNNING" else {"stopDate": run.began}
        name = run.arn.rpartition(":")[2]
        return {"executionArn": run.arn, "name": name, "status": run.status, "startDate": run.began} | stopped

    def send_task_success(self, *, taskToken: str, output: str) -> dict[str, Any]:
        self._answered(taskToken, json.loads(output))
        return {}

    def send_task_failure(self, *, taskToken: str, error: str, cause: str) -> dict[str, Any]:
        self._answered(taskToken, Failed(error, cause))
        return {}

    def stop_execution(self, *, executionArn: str) -> dict[str, Any]:
        run = self.runs[executionArn]
        run.status, run.token = "ABORTED", ""
        return {}

    # -- the machine -----------------------------------------------------------------------------

    def run_of(self, order_id: str, number: int = 1) -> Run:
        return next(run for arn, run in self.runs.items() if arn.endswith(f":{order_id}-{number}"))

    def _answered(self, token: str, result: Any) -> None:
        run = next((one for one in self.runs.values() if one.token == token and token), None)
        if run is None or run.status != "RUNNING":
            raise _error("SendTaskSuccess", "TaskTimedOut")
        run.token = ""
        if token in self._calling:
            self._early[token] = result
        else:
            self._after_task(run, result)

    def _enter(self, run: Run, name: str) -> None:
        while True:
            run.state, run.attempt = name, 0
            run.entered.append(name)
            state = STATES[name]
            if state["Type"] == "Task":
                self._call(run)
                return
            if state["Type"] in ("Succeed", "Fail"):
                run.status = "SUCCEEDED" if state["Type"] == "Succeed" else "FAILED"
                return
            if state["Type"] == "Pass":
                put(run.data, state["ResultPath"], state["Result"])
                name = state["Next"]
            else:
                chosen = (choice["Next"] for choice in state["Choices"] if holds(choice, run.data))
                name = next(chosen, state["Default"])

    def _call(self, run: Run) -> None:
        state = STATES[run.state]
        payload = deepcopy(filled(state["Parameters"]["Payload"], run.data))
        waits = state["Resource"].endswith(WAITING)
        token = ""
        if waits:
            self.tokens += 1
            token = run.token = f"token-{self.tokens}"
            payload |= {"token": token, "execution": run.arn}
        self._calling.append(token)
        try:
            result: Any = self.step(payload, None)
        except Exception as error:
            result, waits = Failed("Lambda.Unknown", str(error)), False
            run.token = ""
        finally:
            self._calling.remove(token)
        if token in self._early:
            self._after_task(run, self._early.pop(token))
        elif not waits:
            self._after_task(run, result)

    def _after_task(self, run: Run, result: Any) -> None:
        state = STATES[run.state]
        if isinstance(result, Failed):
            self._failed(run, state, result)
            return
        if state["ResultPath"] is not None:
            put(run.data, state["ResultPath"], result)
        if state.get("End"):
            run.status = "SUCCEEDED"
        else:
            self._enter(run, state["Next"])

    def _failed(self, run: Run, state: dict[str, Any], failed: Failed) -> None:
        for retry in state.get("Retry", []):
            if failed.name in retry["ErrorEquals"] and run.attempt < retry["MaxAttempts"]:
                run.attempt += 1
                self._call(run)
                return
        for catch in state.get("Catch", []):
            put(run.data, catch["ResultPath"], {"Error": failed.name, "Cause": failed.cause})
            self._enter(run, catch["Next"])
            return
        run.status, run.failed = "FAILED", (failed.name, failed.cause)


def _error(operation: str, code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}}, operation)
