"""Clients of the embedded AWS for the local tools; nothing here ever reaches the real one."""

from typing import Any

import boto3
from botocore.config import Config

from local.home import REGION


def client(service: str, endpoint: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the emulator's own constant
        config=Config(retries={"max_attempts": 2}, connect_timeout=5, read_timeout=60),
    )
