"""The structured log of every function, and counters in it. It carries ids, never personal data."""

import json
import time
from typing import Any

from aws_lambda_powertools import Logger

from comanda.runtime.discreet import discreet

NAMESPACE = "Comanda"


def _line(entry: dict[str, Any]) -> str:
    if "exception" in entry:  # the framework repeats its text as the message
        entry = entry | {name: discreet(str(entry[name])) for name in ("message", "exception")}
    return json.dumps(entry, default=str, separators=(",", ":"), ensure_ascii=False)


logger = Logger(service="comanda", use_rfc3339=True, serialize_stacktrace=False, json_serializer=_line)


def tally(metric: str, **about: str) -> None:
    """Count one of `metric`: a log line in CloudWatch's embedded metric format is a data point too."""
    described = {
        "Namespace": NAMESPACE,
        "Dimensions": [sorted(about)],
        "Metrics": [{"Name": metric, "Unit": "Count"}],
    }
    emf = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [described]}
    logger.warning(metric, extra={"_aws": emf, metric: 1, **about})
