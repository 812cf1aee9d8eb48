"""One low-level DynamoDB client per process, shared by all stores."""

import os
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import botocore.session
from botocore.config import Config
from botocore.httpsession import get_cert_path
from botocore.utils import get_environ_proxies

from comanda.dynamo.direct import Direct
from comanda.dynamo.signature import Signer
from comanda.dynamo.wire import Wire

CONNECTIONS = 40


@cache
def session() -> botocore.session.Session:
    """The botocore session every client of this process is made from."""
    return botocore.session.get_session()


@cache
def client() -> Any:
    """Short timeouts and few repeats of its own: the callers know what may be sent again.

    Everyday requests go straight where the environment says so; see `dynamo/direct.py`.
    """
    boto = _botocore()
    straight = os.environ.get("DYNAMODB_REQUESTS") == "direct"
    credentials = session().get_credentials()
    if not straight or credentials is None or get_environ_proxies(boto.meta.endpoint_url):
        return boto
    return _direct(boto, credentials.get_frozen_credentials)


def _botocore() -> Any:
    """A fixed user agent spares botocore putting one together twice for every request."""
    config = Config(
        parameter_validation=False,
        user_agent="comanda",
        connect_timeout=2,
        read_timeout=8,
        max_pool_connections=CONNECTIONS,
        retries={"total_max_attempts": 4, "mode": "standard"},
    )
    return session().create_client("dynamodb", config=config)


def _direct(boto: Any, credentials: Callable[[], Any]) -> Direct:
    """Sends where botocore sends, with the same credentials and certificates."""
    endpoint = boto.meta.endpoint_url
    certificates = session().get_config_variable("ca_bundle") or get_cert_path(verify=True)
    signer = Signer(urlsplit(endpoint).netloc, boto.meta.region_name, credentials)
    return Direct(boto, Wire(endpoint, certificates, CONNECTIONS), signer)
