"""The workflow of bulk jobs: a few chunks at a time, every call repeated, no failure without a word."""

import json
import re
from typing import Any

import pytest

from tests.unit.template.described import ALARMS, ROOT, TEMPLATE, named, timeout
from tests.unit.template.walker import leads_to

WORKFLOW: dict[str, Any] = json.loads((ROOT / "statemachines" / "bulk_action.asl.json").read_text())
CHUNKS: dict[str, Any] = WORKFLOW["States"]["Work on the chunks"]
MACHINES = {"the job": WORKFLOW, "a chunk": CHUNKS["ItemProcessor"]}
TASKS = {
    name: state
    for machine in MACHINES.values()
    for name, state in machine["States"].items()
    if state["Type"] == "Task"
}
PROPERTIES = TEMPLATE["Resources"]["BulkAction"]["Properties"]


@pytest.mark.parametrize("name", MACHINES)
def test_every_state_is_reachable_and_says_what_it_is_for(name: str) -> None:
    machine = MACHINES[name]
    states: dict[str, dict[str, Any]] = machine["States"]
    followers = {follower for state in states.values() for follower in leads_to(state)}
    assert followers | {machine["StartAt"]} == states.keys()
    assert [state for state in states if not states[state].get("Comment")] == []


@pytest.mark.parametrize("name", TASKS)
def test_a_call_that_could_not_be_made_is_made_again(name: str) -> None:
    (retry,) = TASKS[name]["Retry"]
    assert {"Busy", "Lambda.Unknown", "Sandbox.Timedout", "Lambda.TooManyRequestsException"} <= set(
        retry["ErrorEquals"]
    )
    assert (retry["MaxAttempts"], retry["JitterStrategy"]) == (4, "FULL")
    assert TASKS[name]["TimeoutSeconds"] > timeout("BulkActionFunction")


def test_whatever_fails_for_good_is_noted_on_the_job_and_alarms() -> None:
    for name in ("List the orders", "Work on the chunks", "Finish"):
        (catch,) = WORKFLOW["States"][name]["Catch"]
        assert (catch["ErrorEquals"], catch["Next"]) == (["States.ALL"], "Note the interruption")
    assert WORKFLOW["States"]["Waits to be resumed"]["Type"] == "Fail"
    watched = [named(alarm["Dimensions"][0]["Value"]) for alarm in ALARMS.values() if "Dimensions" in alarm]
    assert "BulkAction" in watched


def test_chunks_are_worked_on_a_few_at_a_time() -> None:
    assert 1 < CHUNKS["MaxConcurrency"] <= 5
    assert CHUNKS["ItemProcessor"]["ProcessorConfig"] == {"Mode": "INLINE"}


def test_every_substitution_is_defined_and_used() -> None:
    assert set(re.findall(r"\$\{(\w+)\}", str(WORKFLOW))) == PROPERTIES["DefinitionSubstitutions"].keys()


def test_the_workflow_logs_failures_without_data() -> None:
    assert PROPERTIES["Type"] == "STANDARD"
    assert (PROPERTIES["Logging"]["Level"], PROPERTIES["Logging"]["IncludeExecutionData"]) == ("ERROR", False)
