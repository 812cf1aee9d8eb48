"""Prism, once for a session: it serves the description of what we ask of UPS, and refuses the rest."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.home import TOOLS

ROOT = Path(__file__).parent.parent.parent
PROGRAM = TOOLS / "prism" / "node_modules" / ".bin" / "prism"
DESCRIPTION = ROOT / "local" / "peers" / "ups" / "openapi.yaml"
PATIENCE = 60  # seconds; it takes four on a quiet machine


@pytest.fixture(scope="session")
def prism() -> Iterator[str]:
    """Its address. Without node or Prism the tests that need it are left out, and say so."""
    if not shutil.which("node") or not PROGRAM.exists():
        pytest.skip("needs node and Prism: make tools")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(PROGRAM), "mock", "--host", "127.0.0.1", "--port", str(port), str(DESCRIPTION)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.fail(f"Prism ended with {process.returncode}")
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("Prism does not answer")
