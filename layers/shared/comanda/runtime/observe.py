"""The structured log of every function. It carries ids, never personal data."""

from aws_lambda_powertools import Logger

logger = Logger(service="comanda", use_rfc3339=True, serialize_stacktrace=False)
