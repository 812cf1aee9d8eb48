"""Remembers which processes belong to a home, and ends what an interrupted launcher left behind."""

import json
import os
import shutil
import signal
from contextlib import suppress

from local.home import Home
from local.plan import write_whole
from local.processes import Started, identify, is_running, stop

LAUNCHER = "launcher"
EMULATOR = "aws"
# Writing the state takes about two seconds; a large one may take longer.
EMULATOR_SECONDS = 120.0
OTHER_SECONDS = 5.0


def note(home: Home, pids: dict[str, int]) -> None:
    rows = {name: started.row() for name, pid in pids.items() if (started := identify(pid))}
    write_whole(home.run / "processes.json", json.dumps(rows, indent=1))


def note_launcher(home: Home, pid: int) -> None:
    started = identify(pid)
    if started:
        write_whole(home.run / "launcher.json", json.dumps(started.row()))


def forget(home: Home) -> None:
    (home.run / "processes.json").unlink(missing_ok=True)


def launcher(home: Home) -> Started | None:
    """The launcher of this home if it is alive."""
    with suppress(FileNotFoundError, ValueError):
        started = Started(**json.loads((home.run / "launcher.json").read_text()))
        return started if is_running(started) else None
    return None


def services(home: Home) -> dict[str, Started]:
    """The services as last noted, dead or alive."""
    with suppress(FileNotFoundError, ValueError):
        rows = json.loads((home.run / "processes.json").read_text())
        return {name: Started(**row) for name, row in rows.items()}
    return {}


def warm_up(home: Home) -> None:
    """Have the emulator start the workers that an order needs first, while nobody waits for them."""
    emulator = services(home).get(EMULATOR)
    if emulator and is_running(emulator):
        os.kill(emulator.pid, signal.SIGUSR1)


def stop_everything(home: Home) -> list[str]:
    """Ask the launcher, end what is left, the emulator last and never by force; answers who stayed."""
    supervisor = launcher(home)
    if supervisor and not stop(supervisor, EMULATOR_SECONDS + 30, kill=False):
        return [LAUNCHER]
    emulator_last = sorted(services(home).items(), key=lambda item: item[0] == EMULATOR)
    stubborn = [name for name, started in emulator_last if not _stop_leftover(name, started)]
    if not stubborn:
        for name in ("launcher.json", "processes.json", "route.json"):
            (home.run / name).unlink(missing_ok=True)
        home.stack_file.unlink(missing_ok=True)  # it describes what runs
        shutil.rmtree(home.temporary, ignore_errors=True)
    return stubborn


def _stop_leftover(name: str, started: Started) -> bool:
    if name == EMULATOR:
        return stop(started, EMULATOR_SECONDS, kill=False)
    return stop(started, OTHER_SECONDS)
