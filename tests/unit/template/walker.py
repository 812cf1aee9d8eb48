"""Walks a state machine's definition as Step Functions would, without time and without AWS."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

type Work = Callable[[str, dict[str, Any]], Any]
MOST_STATES = 200


class TaskFailed(Exception):
    """A task gave up, its retries used."""


def walk(definition: dict[str, Any], given: dict[str, Any], work: Work) -> list[str]:
    """The states entered, in order; `work` answers a task for its payload, or raises TaskFailed."""
    entered: list[str] = []
    data, name = dict(given), definition["StartAt"]
    while name:
        entered.append(name)
        assert len(entered) < MOST_STATES, entered[-10:]
        name = _step(definition["States"][name], name, data, work)
    return entered


def _step(state: dict[str, Any], name: str, data: dict[str, Any], work: Work) -> str:
    kind = state["Type"]
    if kind == "Task":
        return _task(state, name, data, work)
    if kind == "Choice":
        chosen = (choice["Next"] for choice in state["Choices"] if _holds(choice, data))
        return str(next(chosen, state["Default"]))
    if kind == "Pass":
        _put(data, state["ResultPath"], state["Result"])
        return str(state["Next"])
    assert kind in ("Succeed", "Fail"), kind
    return ""


def _task(state: dict[str, Any], name: str, data: dict[str, Any], work: Work) -> str:
    try:
        result = work(name, deepcopy(_filled(state["Parameters"]["Payload"], data)))
    except TaskFailed as error:
        catch = next(iter(state.get("Catch", [])), None)
        if catch is None:
            return ""
        _put(data, catch["ResultPath"], {"Error": str(error)})
        return str(catch["Next"])
    if state["ResultPath"] is not None:
        _put(data, state["ResultPath"], result)
    return "" if state.get("End") else str(state["Next"])


def _filled(payload: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    return {
        key.removesuffix(".$"): _get(data, value) if key.endswith(".$") else value
        for key, value in payload.items()
    }


def _holds(choice: dict[str, Any], data: dict[str, Any]) -> bool:
    if "And" in choice:
        return all(_holds(part, data) for part in choice["And"])
    return bool(_get(data, choice["Variable"]) == choice["StringEquals"])


def _get(data: dict[str, Any], path: str) -> Any:
    if path.startswith("$$."):
        return path
    found: Any = data
    for part in path.removeprefix("$.").split("."):
        found = found[part]
    return found


def _put(data: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.removeprefix("$.").split(".")
    for part in parents:
        data = data.setdefault(part, {})
    data[last] = value


def leads_to(state: dict[str, Any]) -> Iterator[str]:
    """All states that may follow."""
    for part in [state, *state.get("Choices", []), *state.get("Catch", [])]:
        yield from (part[key] for key in ("Next", "Default") if key in part)
