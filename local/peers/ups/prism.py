"""Prism, the program that holds requests against `openapi.yaml`: started by the first that is shown to it."""

import logging
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from local.home import TOOLS
from local.peers.web import Request

log = logging.getLogger(__name__)

PROGRAM = TOOLS / "prism" / "node_modules" / ".bin" / "prism"
DESCRIPTION = Path(__file__).parent / "openapi.yaml"
SHOWN = ("content-type", "authorization", "transid", "transactionsrc", "x-merchant-id", "accept")
PATIENCE = 12  # seconds, fewer than the product waits for UPS; it takes four on a quiet machine


def installed() -> bool:
    """Whether `make tools` has brought it, and there is a node to run it."""
    return bool(shutil.which("node")) and PROGRAM.exists()


@dataclass(frozen=True, slots=True)
class Violation:
    """What Prism answers to a request that does not keep to the description."""

    status: int
    violations: str


def held_against(address: str, request: Request) -> Violation | None:
    """What is wrong with a request; None for one that keeps to the description."""
    url = f"{address}{request.path}" + (f"?{request.query}" if request.query else "")
    headers = {name: value for name, value in request.headers.items() if name in SHOWN}
    asked = urllib.request.Request(url, request.body or None, headers, method=request.method)
    try:
        with urllib.request.urlopen(asked, timeout=10):
            return None
    except urllib.error.HTTPError as refused:
        return Violation(refused.code, refused.headers.get("sl-violations", ""))


class Prism:
    """One process on a port of its own, which costs nothing until somebody asks for its address."""

    def __init__(self, host: str, port: int, patience: float = PATIENCE) -> None:
        self._host, self._port, self._patience = host, port, patience
        self._process: subprocess.Popen[bytes] | None = None
        self._answers = False
        self._lock = threading.Lock()

    def address(self) -> str:
        """Where it is, started if need be; empty if it does not come up in time: then nothing is held."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._process, self._answers = self._started(), False
            if not self._answers:
                self._answers = self._comes_up(self._process)
            return f"http://{self._host}:{self._port}" if self._answers else ""

    @property
    def answers(self) -> bool:
        return self._answers

    def stop(self) -> None:
        with self._lock:
            if self._process and self._process.poll() is None:
                self._process.terminate()
                self._process.wait(timeout=20)

    def _started(self) -> subprocess.Popen[bytes]:
        command = [str(PROGRAM), "mock", "--host", self._host, "--port", str(self._port), str(DESCRIPTION)]
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def _comes_up(self, process: subprocess.Popen[bytes]) -> bool:
        until = time.monotonic() + self._patience
        while time.monotonic() < until and process.poll() is None:
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex((self._host, self._port)) == 0:
                    return True
            time.sleep(0.1)
        log.warning("Prism does not answer: what is asked of UPS is not held against its description")
        return False
