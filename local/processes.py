"""Identifies, stops and waits for processes that this system started, never any other."""

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path

POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Started:
    """A process by its id and the time it began: the id alone may since belong to somebody else."""

    pid: int
    began: str

    def row(self) -> dict[str, object]:
        return asdict(self)


def identify(pid: int) -> Started | None:
    began = _began(pid)
    return Started(pid, began) if began else None


def is_running(process: Started) -> bool:
    return _began(process.pid) == process.began


def stop(process: Started, grace: float, *, kill: bool = True) -> bool:
    """SIGTERM, wait, and (unless its state would be lost by that) SIGKILL; then sweep up its children."""
    if is_running(process):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGTERM)
        if not wait_gone(process, grace) and kill:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
            wait_gone(process, 5)
    gone = not is_running(process)
    if gone:
        sweep_group(process.pid)
    return gone


def sweep_group(leader: int) -> None:
    """End what a stopped process left in its own process group (each service leads one).

    A process id is not given out again while a group bears it, so a group under the id of no living
    process is the one that was ours; under the id of a living one it is somebody else's.
    """
    if _began(leader):
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def wait_gone(process: Started, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while is_running(process):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _began(pid: int) -> str:
    """When the process began, as the kernel tells it; empty for a dead or finished (zombie) one."""
    if Path("/proc/self/stat").exists():
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            return ""
        return "" if fields[0] == "Z" else fields[19]
    shown = subprocess.run(
        ["ps", "-o", "state=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return "" if not shown or shown.startswith("Z") else shown[1:].strip()
