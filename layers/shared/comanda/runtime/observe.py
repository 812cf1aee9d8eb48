"""The structured log of every function, and counters in it. It carries ids, never personal data."""

import time

from aws_lambda_powertools import Logger

NAMESPACE = "Comanda"

logger = Logger(service="comanda", use_rfc3339=True, serialize_stacktrace=False)


def tally(metric: str, **about: str) -> None:
    """Count one of `metric`: a log line in CloudWatch's embedded metric format is a data point too."""
    described = {
        "Namespace": NAMESPACE,
        "Dimensions": [sorted(about)],
        "Metrics": [{"Name": metric, "Unit": "Count"}],
    }
    emf = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [described]}
    logger.warning(metric, extra={"_aws": emf, metric: 1, **about})
