"""Prism, once for a session: it serves the description of what we ask of UPS, and refuses the rest."""

import socket
from collections.abc import Iterator

import pytest

from local.peers.ups.prism import Prism, installed

PATIENCE = 60  # seconds; it takes four on a quiet machine


@pytest.fixture(scope="session")
def prism() -> Iterator[str]:
    """Its address. Without node or Prism the tests that need it are left out, and say so."""
    if not installed():
        pytest.skip("needs node and Prism: make tools")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Prism("127.0.0.1", port, PATIENCE)
    try:
        yield server.address() or pytest.fail("Prism does not answer")
    finally:
        server.stop()
