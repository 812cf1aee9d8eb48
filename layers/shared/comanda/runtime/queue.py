"""Functions behind a queue or a stream: one record at a time, only the failed ones come again."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from comanda.errors import Problem
from comanda.runtime.observe import logger

type Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


def queue_function(work: Callable[[dict[str, Any]], None]) -> Handler:
    """Give `work` each message's JSON. A failed message comes again and ends in the dead-letter queue."""
    return delivery_function(lambda message, _: work(message))


def delivery_function(work: Callable[[dict[str, Any], int], None]) -> Handler:
    """As `queue_function`, for work that asks which delivery of the message this is, from 1."""

    def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        failed = []
        for record in event["Records"]:
            logger.append_keys(message_id=record["messageId"])
            if not _done(partial(_on_message, work, record)):
                failed.append({"itemIdentifier": record["messageId"]})
        logger.info("worked", extra={"records": len(event["Records"]), "failed": len(failed)})
        return {"batchItemFailures": failed}

    return lambda_handler


def stream_function(work: Callable[[dict[str, Any]], None]) -> Handler:
    """Give `work` each stream record in order; the first failure stops, and all from there on come again."""

    def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        for record in event["Records"]:
            number = record["dynamodb"]["SequenceNumber"]
            if not _done(partial(work, record)):
                return {"batchItemFailures": [{"itemIdentifier": number}]}
        logger.info("worked", extra={"records": len(event["Records"])})
        return {"batchItemFailures": []}

    return lambda_handler


def _on_message(work: Callable[[dict[str, Any], int], None], record: dict[str, Any]) -> None:
    delivery = int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))
    work(json.loads(record["body"]), delivery)


def _done(work: Callable[[], None]) -> bool:
    try:
        work()
    except Problem as problem:
        logger.warning("refused", extra={"problem": problem.type, "detail": problem.detail})
        return False
    except Exception:
        logger.exception("failed")
        return False
    return True
