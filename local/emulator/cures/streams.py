"""Table streams: kept over a restart, and refused records delivered again, as often as the trigger says."""

import copy
import logging
from collections.abc import Callable
from typing import Any

from ministack.services import dynamodb, lambda_svc

FOREVER = -1

logger = logging.getLogger("comanda.streams")

type Run = Callable[[dict[str, Any], Any], dict[str, Any]]


def apply() -> None:
    keep_records()
    deliver_refused_again()


def keep_records() -> None:
    """Read positions are saved but records are not: after a restart as many new ones would be passed over."""
    state, restore = dynamodb.get_state, dynamodb.load_persisted_state

    def get_state() -> dict[str, Any]:
        records, trimmed = dynamodb._stream_records, dynamodb._stream_trimmed
        return {**state(), "records": copy.deepcopy(records), "trimmed": copy.deepcopy(trimmed)}

    def load_persisted_state(data: dict[str, Any]) -> None:
        dynamodb._stream_records.update(data.get("records", {}))
        dynamodb._stream_trimmed.update(data.get("trimmed", {}))
        restore(data)

    dynamodb.get_state, dynamodb.load_persisted_state = get_state, load_persisted_state


def deliver_refused_again() -> None:
    """`batchItemFailures` of a stream is ignored, and a batch that raises is tried for ever.

    A batch with a refused record counts as failed, so it comes again whole (handlers bear that). After
    MaximumRetryAttempts its records go one by one, as bisecting would end, and the stream goes on.
    """
    run = lambda_svc._execute_function
    tries: dict[tuple[str, str], int] = {}

    def run_and_read(function: dict[str, Any], event: Any) -> Any:
        result = run(function, event)
        records = event.get("Records") if isinstance(event, dict) else None
        if not records or records[0].get("eventSource") != "aws:dynamodb":
            return result
        key = (_name(function), records[0]["dynamodb"]["SequenceNumber"])
        if _is_taken(result):
            tries.pop(key, None)
            return result
        tries[key] = tries.get(key, 0) + 1
        trigger = _trigger(function, records[0]["eventSourceARN"])
        limit = int(trigger.get("MaximumRetryAttempts", FOREVER))
        if limit == FOREVER or tries[key] <= limit:
            return result if result.get("error") else _failed(result)
        del tries[key]
        return _one_by_one(run, trigger, function, records)

    lambda_svc._execute_function = run_and_read


def _one_by_one(run: Run, trigger: dict[str, Any], function: dict[str, Any], records: list[Any]) -> Any:
    for record in records:
        result = run(function, {"Records": [record]})
        if not _is_taken(result):
            logger.warning("given up after all tries: %s of %s", record["dynamodb"]["Keys"], _name(function))
            lambda_svc._send_ddb_stream_failure_record(
                trigger, function, [record], record["eventSourceARN"], result, "RetryAttemptsExhausted"
            )
    return {"body": None, "log": ""}


def _name(function: dict[str, Any]) -> str:
    return str((function.get("config") or function).get("FunctionName", ""))


def _is_taken(result: dict[str, Any]) -> bool:
    body = result.get("body")
    refused = isinstance(body, dict) and bool(body.get("batchItemFailures"))
    return not result.get("error") and not refused


def _failed(result: dict[str, Any]) -> dict[str, Any]:
    told = {"errorType": "BatchItemFailures", "errorMessage": str(result["body"]["batchItemFailures"])}
    return {"error": True, "body": told, "log": result.get("log", "")}


def _trigger(function: dict[str, Any], source: str) -> dict[str, Any]:
    name = _name(function)
    for trigger in list(lambda_svc._esms.values()):
        if trigger["FunctionName"] == name and trigger["EventSourceArn"] == source:
            found: dict[str, Any] = trigger
            return found
    return {}
