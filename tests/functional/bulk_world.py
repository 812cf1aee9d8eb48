"""Bulk jobs in tests: the real definition with the real function, and workers that can be killed anywhere."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from comanda import crash, wiring
from functions.bulk_action.app import lambda_handler
from tests.functional.conftest import Answer, Call
from tests.functional.staff import ask

DEFINITION = json.loads((Path(__file__).parents[2] / "statemachines" / "bulk_action.asl.json").read_text())


class Killed(BaseException):
    """The worker died here, and with it all that it had not written."""


class Failed(Exception):
    """A state failed; `name` is what Retry and Catch compare."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Context:
    """Lambda's: how much time is left."""

    def __init__(self) -> None:
        self.left_ms = [300_000]

    def get_remaining_time_in_millis(self) -> int:
        return self.left_ms.pop(0) if len(self.left_ms) > 1 else self.left_ms[0]


class Machine:
    """Step Functions' client for bulk jobs; an execution moves when a test says `work`."""

    def __init__(self) -> None:
        self.waiting: list[tuple[str, dict[str, Any]]] = []
        self.status: dict[str, str] = {}
        self.calls: list[dict[str, Any]] = []
        self.context = Context()

    def start_execution(self, *, stateMachineArn: str, name: str, input: str) -> dict[str, Any]:
        arn = f"{stateMachineArn.replace(':stateMachine:', ':execution:')}:{name}"
        if arn in self.status:
            raise ClientError({"Error": {"Code": "ExecutionAlreadyExists"}}, "StartExecution")
        self.status[arn] = "RUNNING"
        self.waiting.append((arn, json.loads(input)))
        return {"executionArn": arn}

    def describe_execution(self, *, executionArn: str) -> dict[str, Any]:
        if executionArn not in self.status:
            raise ClientError({"Error": {"Code": "ExecutionDoesNotExist"}}, "DescribeExecution")
        began = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
        return {"status": self.status[executionArn], "startDate": began}

    def work(self) -> None:
        """Run what was started, to its end or until a worker is killed for good: then it is gone."""
        while self.waiting:
            arn, data = self.waiting.pop(0)
            try:
                self.status[arn] = self._walk(DEFINITION, data)
            except Killed:
                self.status[arn] = "ABORTED"
                raise

    def _walk(self, machine: dict[str, Any], data: dict[str, Any]) -> str:
        name = machine["StartAt"]
        while name:
            state = machine["States"][name]
            if state["Type"] in ("Succeed", "Fail"):
                return "SUCCEEDED" if state["Type"] == "Succeed" else "FAILED"
            try:
                name = self._step(state, data)
            except Failed as failure:
                if "Catch" not in state:
                    raise
                (catch,) = state["Catch"]
                data["error"] = {"Error": failure.name}
                name = catch["Next"]
        return "SUCCEEDED"

    def _step(self, state: dict[str, Any], data: dict[str, Any]) -> str:
        if state["Type"] == "Choice":
            chosen = (c["Next"] for c in state["Choices"] if _get(data, c["Variable"]) == c["StringEquals"])
            return str(next(chosen, state["Default"]))
        if state["Type"] == "Map":
            for item in _get(data, state["ItemsPath"]):
                self._walk(state["ItemProcessor"], _filled(state["ItemSelector"], data, item))
        else:
            told = {"Payload": self._called(state, data)}
            if state["ResultPath"]:
                selected = {n.removesuffix(".$"): _get(told, p) for n, p in state["ResultSelector"].items()}
                data[state["ResultPath"].removeprefix("$.")] = selected
        return str(state.get("Next", ""))

    def _called(self, state: dict[str, Any], data: dict[str, Any]) -> Any:
        payload = _filled(state["Parameters"]["Payload"], data, None)
        (retry,) = state["Retry"]
        for attempt in range(1 + retry["MaxAttempts"]):
            self.calls.append(payload)
            try:
                return json.loads(json.dumps(lambda_handler(payload, self.context)))
            except Killed as killed:
                failure = Failed("Lambda.Unknown")
                if killed.args == ("for good",):
                    raise
            except Exception as error:
                failure = Failed(type(error).__name__)
            if failure.name not in retry["ErrorEquals"] or attempt == retry["MaxAttempts"]:
                raise failure
        raise AssertionError("the last attempt ends it")


def _get(data: dict[str, Any], path: str) -> Any:
    found: Any = data
    for part in path.removeprefix("$.").split("."):
        found = found[part]
    return found


def _filled(template: dict[str, Any], data: dict[str, Any], item: Any) -> dict[str, Any]:
    return {
        name.removesuffix(".$"): value
        if not name.endswith(".$")
        else item
        if value == "$$.Map.Item.Value"
        else _get(data, value)
        for name, value in template.items()
    }


class Bulk:
    """A shop's bulk jobs."""

    def __init__(self, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
        self.call = call
        self.machine = Machine()
        self.keys = 0
        self._patch = monkeypatch
        real = wiring.aws
        monkeypatch.setattr(
            wiring,
            "aws",
            lambda name, **more: self.machine if name == "stepfunctions" else real(name, **more),
        )

    def ask(self, action: str, key: str = "", role: str = "staff", **body: Any) -> Answer:
        self.keys += 1
        headers = {"Idempotency-Key": key or f"bulk-{self.keys}"}
        return ask(self.call, "POST", "/admin/bulk", {"action": action, **body}, role, headers=headers)

    def start(self, action: str, **body: Any) -> str:
        answer = self.ask(action, **body)
        assert answer.status == 202, answer.text
        return str(answer.body["job_id"])

    def run(self, action: str, **body: Any) -> dict[str, Any]:
        """A job to its end."""
        job_id = self.start(action, **body)
        self.machine.work()
        return self.look(job_id)

    def look(self, job_id: str, **query: str) -> dict[str, Any]:
        answer = ask(self.call, "GET", f"/admin/jobs/{job_id}", query=query)
        assert answer.status == 200, answer.text
        body: dict[str, Any] = answer.body
        return body

    def tell(self, job_id: str, command: str) -> Answer:
        return ask(self.call, "POST", f"/admin/jobs/{job_id}/{command}")

    def all_results(self, job_id: str, **query: str) -> Iterator[dict[str, Any]]:
        cursor = ""
        while True:
            page = self.look(job_id, **query, **({"cursor": cursor} if cursor else {}))
            yield from page["results"]
            if not page["next"]:
                return
            cursor = page["next"]

    def resume_later(self, job_id: str) -> None:
        """Go on with a job whose execution is gone, once that is old enough to be believed."""
        with pytest.MonkeyPatch.context() as patch:
            later = wiring.now() + timedelta(minutes=2)
            patch.setattr(wiring, "now", lambda: later)
            patch.setattr(crash, "hook", None)
            wiring.bulking.cache_clear()
            assert self.look(job_id)["state"] == "interrupted"
            answer = self.tell(job_id, "resume")
            assert answer.status == 200, answer.text
            self.machine.work()
        wiring.bulking.cache_clear()

    def kill(self, point: str, after: int = 1, *, for_good: bool = False) -> None:
        """The worker dies when it passes this place the `after`-th time; `for_good` with its execution."""
        passed = [0]

        def hook(name: str) -> None:
            if name == point:
                passed[0] += 1
                if passed[0] == after:
                    raise Killed("for good" if for_good else "once")

        self._patch.setattr(crash, "hook", hook)


@pytest.fixture
def bulk(clean: None, call: Call, monkeypatch: pytest.MonkeyPatch) -> Bulk:
    return Bulk(call, monkeypatch)
