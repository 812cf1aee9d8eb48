"""Workflows: a waiting task fails with its function, as on AWS."""

import threading
from typing import Any

from ministack.services import stepfunctions


def apply() -> None:
    fail_with_the_function()


def fail_with_the_function() -> None:
    """A function that raises or dies before anybody has its token leaves its execution waiting for ever."""
    wait, call = stepfunctions._invoke_with_callback, stepfunctions._call_lambda
    waiting = threading.local()

    def wait_with_token(resource: str, given: Any, token: str, state: dict[str, Any]) -> Any:
        waiting.token = token
        try:
            return wait(resource, given, token, state)
        finally:
            waiting.token = ""

    def call_or_fail(function: str, event: Any) -> Any:
        try:
            return call(function, event)
        except stepfunctions._ExecutionError as error:
            _fail(getattr(waiting, "token", ""), error)
            raise

    stepfunctions._invoke_with_callback, stepfunctions._call_lambda = wait_with_token, call_or_fail


def _fail(token: str, error: Any) -> None:
    """An answer that came before the function failed stands."""
    task = stepfunctions._task_tokens.get(token) if token else None
    if task and not task["event"].is_set():
        task["error"] = {"Error": error.error, "Cause": error.cause}
        task["event"].set()
