"""What is started is stopped, also when the order to stop comes in the midst of starting."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local import plan
from local.home import REPOSITORY, Home
from local.plan import Service
from local.processes import is_running
from local.running import services

MANY = 12


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_launcher_stopped_while_it_starts_leaves_nobody_behind(
    tmp_path: Path, number: signal.Signals
) -> None:
    home = Home(tmp_path)
    for folder in (home.run, home.logs):
        folder.mkdir(parents=True, exist_ok=True)
    mark = f"{3600 + os.getpid()}"
    plan.write([_sleeper(home, f"sleeper-{at}", mark) for at in range(MANY)], home.run / "plan.json")
    launcher = subprocess.Popen(
        [sys.executable, "-m", "local.launcher", "--home", str(tmp_path)], cwd=REPOSITORY
    )
    while not services(home) and launcher.poll() is None:
        time.sleep(0.001)
    launcher.send_signal(number)
    noted = services(home)
    assert launcher.wait(60) == 0
    assert noted
    assert not any(is_running(process) for process in noted.values())
    assert not _running_with(mark)
    assert services(home) == {}  # forgotten: nobody will be looked for


def _sleeper(home: Home, name: str, mark: str) -> Service:
    return Service(name, ["sleep", mark], str(home.logs / f"{name}.log"))


def _running_with(mark: str) -> list[str]:
    listed = subprocess.run(["ps", "-ww", "-A", "-o", "args="], capture_output=True, text=True, check=True)
    return [line for line in listed.stdout.splitlines() if line == f"sleep {mark}"]
