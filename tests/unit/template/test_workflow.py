"""The order's workflow: reads like its story, and every failure leads back to the step that failed."""

import re
from collections.abc import Iterable
from typing import Any

import pytest

from tests.unit.template.described import TEMPLATE, WORKFLOW
from tests.unit.template.walker import TaskFailed, leads_to, walk

STATES: dict[str, dict[str, Any]] = WORKFLOW["States"]
INPUT = {"order_id": "01hq", "run": 1}
STORY = [
    ("Wait for e-mail verification", "verification"),
    ("Wait for approval", "approval"),
    ("Wait for payment", "payment"),
    ("Wait for fulfilment", "fulfilment"),
    ("Wait for delivery", "delivery"),
]
HOLD = "Hold until someone retries"
CLOSE = "Close the order"
DAY = 86_400
MOST_TRANSITIONS = 14
WAITS = [
    name for name, state in STATES.items() if str(state.get("Resource", "")).endswith(".waitForTaskToken")
]


class Steps:
    """Answers tasks from a list per state, then go_on; a string starting with ! is a failure."""

    def __init__(self, **answers: Iterable[str]) -> None:
        self.answers = {name: list(given) for name, given in answers.items()}
        self.asked: list[dict[str, Any]] = []

    def __call__(self, name: str, payload: dict[str, Any]) -> dict[str, str]:
        self.asked.append(payload)
        waiting = self.answers.get(payload["step"], [])
        answer = waiting.pop(0) if waiting else "go_on"
        if answer.startswith("!"):
            raise TaskFailed(answer[1:])
        return {"next": answer}


def test_an_ordinary_order_takes_few_transitions() -> None:
    entered = walk(WORKFLOW, INPUT, Steps())
    assert [name for name in entered if STATES[name]["Type"] == "Task"] == [
        *(wait for wait, _ in STORY),
        CLOSE,
    ]
    assert len(entered) == 11
    assert len(entered) <= MOST_TRANSITIONS


def test_each_wait_hands_over_what_it_takes_to_answer() -> None:
    steps = Steps()
    walk(WORKFLOW, INPUT, steps)
    common = {**INPUT, "token": "$$.Task.Token", "execution": "$$.Execution.Id"}
    assert steps.asked == [*({"step": step, **common} for _, step in STORY), {"step": "close", **INPUT}]


@pytest.mark.parametrize(("wait", "step"), STORY)
def test_again_waits_for_the_same(wait: str, step: str) -> None:
    assert walk(WORKFLOW, INPUT, Steps(**{step: ["again", "again"]})).count(wait) == 3


@pytest.mark.parametrize(("wait", "step"), STORY)
def test_an_order_that_ended_is_closed(wait: str, step: str) -> None:
    entered = walk(WORKFLOW, INPUT, Steps(**{step: ["ended"]}))
    assert entered[-3:] == [wait, f"After {step}", CLOSE]


@pytest.mark.parametrize(("wait", "step"), STORY)
def test_a_run_can_end_for_the_next_one(wait: str, step: str) -> None:
    entered = walk(WORKFLOW, INPUT, Steps(**{step: ["next_run"]}))
    assert entered[-2:] == [f"After {step}", "Goes on in the next run"]
    assert STATES[entered[-1]]["Type"] == "Succeed"


@pytest.mark.parametrize(("wait", "step"), [*STORY, (CLOSE, "close")])
def test_a_failed_step_is_held_and_a_retry_leads_back_to_it(wait: str, step: str) -> None:
    steps = Steps(**{step: ["!StepFailed"], "hold_for_retry": ["again"]})
    entered = walk(WORKFLOW, INPUT, steps)
    held = entered.index(HOLD)
    assert entered[held - 2] == wait
    assert entered[held + 1 : held + 3] == ["After the hold", wait]
    assert entered[-1] == CLOSE
    (asked,) = [payload for payload in steps.asked if payload["step"] == "hold_for_retry"]
    assert asked["failed"] == {"step": step, "error": {"Error": "StepFailed"}}


@pytest.mark.parametrize(("wait", "step"), STORY)
def test_an_unknown_answer_is_a_failure_of_the_step(wait: str, step: str) -> None:
    steps = Steps(**{step: ["perhaps"], "hold_for_retry": ["again"]})
    entered = walk(WORKFLOW, INPUT, steps)
    assert entered.count(wait) == 2
    assert entered.count(HOLD) == 1


@pytest.mark.parametrize(
    ("answer", "last"),
    [
        ("ended", CLOSE),
        ("next_run", "Goes on in the next run"),
        ("perhaps", "Unknown answer to a hold"),
        ("!StepFailed", HOLD),
    ],
)
def test_a_hold_can_end_otherwise(answer: str, last: str) -> None:
    steps = Steps(payment=["!StepFailed"], hold_for_retry=[answer])
    assert walk(WORKFLOW, INPUT, steps)[-1] == last


def test_a_second_failure_names_its_own_step() -> None:
    steps = Steps(approval=["!StepFailed"], delivery=["!States.Timeout"], hold_for_retry=["again", "again"])
    walk(WORKFLOW, INPUT, steps)
    held = [payload["failed"]["step"] for payload in steps.asked if payload["step"] == "hold_for_retry"]
    assert held == ["approval", "delivery"]


def test_waiting_states_are_those_of_the_story_and_the_hold() -> None:
    assert sorted(WAITS) == sorted([*(wait for wait, _ in STORY), HOLD])


@pytest.mark.parametrize("name", WAITS)
def test_every_wait_has_a_static_backstop_below_300_days(name: str) -> None:
    assert 180 * DAY <= STATES[name]["TimeoutSeconds"] < 300 * DAY
    assert "HeartbeatSeconds" not in STATES[name]


def test_the_run_as_a_whole_ends_within_300_days() -> None:
    assert WORKFLOW["TimeoutSeconds"] == 300 * DAY


@pytest.mark.parametrize("name", [name for name, state in STATES.items() if state["Type"] == "Task"])
def test_a_call_that_could_not_be_made_is_made_again_with_jitter(name: str) -> None:
    (retry,) = STATES[name]["Retry"]
    assert (retry["MaxAttempts"], retry["JitterStrategy"], retry["BackoffRate"]) == (4, "FULL", 2)
    assert "States.ALL" not in retry["ErrorEquals"]
    assert "States.Timeout" not in retry["ErrorEquals"]
    assert {"Busy", "Lambda.TooManyRequestsException", "Lambda.ServiceException"} <= set(retry["ErrorEquals"])


def test_every_state_is_reachable_and_says_what_it_is_for() -> None:
    reachable = {WORKFLOW["StartAt"]} | {
        follower for state in STATES.values() for follower in leads_to(state)
    }
    assert reachable == STATES.keys()
    assert [name for name, state in STATES.items() if not state.get("Comment")] == []


def test_every_substitution_is_defined_and_used() -> None:
    properties = TEMPLATE["Resources"]["OrderLifecycle"]["Properties"]
    assert set(re.findall(r"\$\{(\w+)\}", str(WORKFLOW))) == properties["DefinitionSubstitutions"].keys()


def test_the_workflow_logs_failures_without_tokens() -> None:
    properties = TEMPLATE["Resources"]["OrderLifecycle"]["Properties"]
    assert properties["Type"] == "STANDARD"
    assert (properties["Logging"]["Level"], properties["Logging"]["IncludeExecutionData"]) == ("ERROR", False)
