"""Keeps the services of one running system alive until it is told to stop, then stops them in order."""

import argparse
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from local import plan, running
from local.home import REPOSITORY, Home
from local.plan import Service
from local.processes import identify, stop, sweep_group

TICK_SECONDS = 0.2
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
STEADY_SECONDS = 10.0


@dataclass
class Running:
    """A service's process, and how patient to be when it does not stay up."""

    service: Service
    process: subprocess.Popen[bytes]
    began: float
    pause: float = FIRST_PAUSE
    again_at: float = field(default=0.0)


class Launcher:
    """Starts each service as leader of its own process group and starts it again when it ends."""

    def __init__(self, home: Home, services: list[Service]) -> None:
        self._home = home
        self._services = services
        self._running: dict[str, Running] = {}
        self._stopping = False

    def ask_to_stop(self) -> None:
        self._stopping = True

    def supervise(self) -> None:
        """Start everything, look after it until asked to stop (during the start too), and stop it."""
        for service in self._services:
            if self._stopping:
                break
            self._running[service.name] = self._start(service)
            self._note()  # each at once: a launcher that is killed here leaves nobody unknown
        while not self._stopping:
            for entry in self._running.values():
                self._look_after(entry)
            time.sleep(TICK_SECONDS)
        self._stop_all()

    def _look_after(self, entry: Running) -> None:
        code = entry.process.poll()
        now = time.monotonic()
        if code is None:
            if now - entry.began > STEADY_SECONDS:
                entry.pause = FIRST_PAUSE
            return
        if not entry.again_at:
            _say(f"{entry.service.name} ended with {code}, starting it again")
            sweep_group(entry.process.pid)
            entry.again_at = now + entry.pause
            entry.pause = min(entry.pause * 2, LONGEST_PAUSE)
        if now >= entry.again_at:
            entry.process, entry.began, entry.again_at = self._start(entry.service).process, now, 0.0
            self._note()

    def _start(self, service: Service) -> Running:
        self._home.temporary.mkdir(parents=True, exist_ok=True)
        with Path(service.log).open("ab") as log:
            process = subprocess.Popen(
                service.command,
                env=service.environment or dict(os.environ),
                cwd=REPOSITORY,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return Running(service, process, time.monotonic())

    def _note(self) -> None:
        running.note(self._home, {name: entry.process.pid for name, entry in self._running.items()})

    def _stop_all(self) -> None:
        """Last started first, so that nobody talks to somebody who is gone."""
        for entry in reversed(self._running.values()):
            process = identify(entry.process.pid)
            if entry.process.poll() is None and process:
                stop(process, entry.service.stop_seconds, kill=entry.service.may_kill)
                entry.process.poll()
            sweep_group(entry.process.pid)
        _say("all stopped")


def _say(sentence: str) -> None:
    print(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {sentence}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    home = Home(parser.parse_args().home)
    launcher = Launcher(home, plan.read(home.run / "plan.json"))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: launcher.ask_to_stop())
    launcher.supervise()
    running.forget(home)


if __name__ == "__main__":
    main()
