"""What `make up` and its sisters say while they work: one line per step, with the time it took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WIDTH = 46
LOG_LINES = 15


class Failure(Exception):
    """Something a person has to look at; carries the log that tells why."""

    def __init__(self, message: str, log: Path | None = None) -> None:
        super().__init__(message)
        self.log = log


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@contextmanager
def step(title: str) -> Iterator[list[str]]:
    """Announce a step, time it, and close its line; remarks put into the list are printed behind the time."""
    remarks: list[str] = []
    sys.stdout.write(f"  {title} ".ljust(WIDTH, "·") + " ")
    sys.stdout.flush()
    started = time.monotonic()
    try:
        yield remarks
    except BaseException:
        say("failed")
        raise
    say(f"{time.monotonic() - started:5.1f} s" + "".join(f"  {remark}" for remark in remarks))


def report(failure: Failure) -> None:
    """Say what failed, show the end of its log and where the rest is."""
    sys.stdout.flush()
    sys.stderr.write(f"\n  Failed: {failure}\n")
    if failure.log and failure.log.exists():
        lines = failure.log.read_text(errors="replace").splitlines()[-LOG_LINES:]
        sys.stderr.writelines(f"    | {line}\n" for line in lines)
        sys.stderr.write(f"  Log: {failure.log}\n")
