"""One low-level DynamoDB client per process, shared by all stores."""

from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config


@cache
def session() -> botocore.session.Session:
    """The botocore session every client of this process is made from."""
    return botocore.session.get_session()


@cache
def client() -> Any:
    """Short timeouts and few repeats of its own: the callers know what may be sent again.

    A fixed user agent spares botocore putting one together twice for every request.
    """
    config = Config(
        parameter_validation=False,
        user_agent="comanda",
        connect_timeout=2,
        read_timeout=8,
        max_pool_connections=40,
        retries={"total_max_attempts": 4, "mode": "standard"},
    )
    return session().create_client("dynamodb", config=config)
