"""A running local system as its operator has it: commands, processes, files."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from local.demo.staff import aws

ROOT = Path(__file__).resolve().parents[2]
LONGEST_COMMAND = 280


class Running:
    """One home; commands are those behind `make`."""

    def __init__(self, home: Path) -> None:
        self.home = home

    @property
    def stack(self) -> dict[str, Any]:
        described: dict[str, Any] = json.loads((self.home / "stack.json").read_text())
        return described

    def run(self, module: str, *options: str, status: int = 0) -> str:
        """What `python -m module` prints; it has to end with this status."""
        done = subprocess.run(
            [sys.executable, "-m", module, *options],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=LONGEST_COMMAND,
            check=False,
        )
        assert done.returncode == status, f"{module}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def environment(self) -> dict[str, str]:
        return os.environ | {"COMANDA_HOME": str(self.home)}

    def up(self, *options: str) -> str:
        return self.run("local.up", *options)

    def down(self) -> str:
        return self.run("local.down")

    def process(self, name: str) -> int:
        """The process id of a service, or of the launcher."""
        if name == "launcher":
            row = json.loads((self.home / "run" / "launcher.json").read_text())
        else:
            row = json.loads((self.home / "run" / "processes.json").read_text())[name]
        return int(row["pid"])

    def workers(self) -> dict[int, str]:
        """The processes of functions, each with its command."""
        group = self.process("aws")
        return {pid: command for pid, command in members(group).items() if "awslambdaric" in command}

    def logged(self, words: str) -> list[str]:
        """What functions have written to their logs that holds these words."""
        logs = aws(self.stack, "logs")
        groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
        found = []
        for group in groups:
            for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group):
                found += [event["message"] for event in page["events"] if words in event["message"]]
        return found

    def processes(self) -> dict[int, str]:
        """Everything that still runs for this home."""
        return {pid: command for pid, command in everybody().items() if str(self.home) in command}


def members(group: int) -> dict[int, str]:
    """The living processes of a process group."""
    listed = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,pgid=,stat=,args="], capture_output=True, text=True, check=True
    )
    rows = [line.split(None, 3) for line in listed.stdout.splitlines()]
    return {int(r[0]): r[3] for r in rows if len(r) == 4 and int(r[1]) == group and "Z" not in r[2]}


def everybody() -> dict[int, str]:
    listed = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,args="], capture_output=True, text=True, check=True
    )
    rows = [line.split(None, 1) for line in listed.stdout.splitlines()]
    return {int(row[0]): row[1] for row in rows if len(row) == 2}
