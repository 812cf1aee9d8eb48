"""Clients of the embedded AWS for the local tools; nothing here ever reaches the real one."""

from typing import Any

import boto3
from botocore.config import Config

from local.home import REGION


def client(service: str, endpoint: str) -> Any:
    make: Any = boto3.client  # which service it is, only the caller knows
    return make(
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 2}, connect_timeout=5, read_timeout=60),
    )
