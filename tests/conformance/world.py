"""One embedded AWS of its own per test session, with the smallest shop deployed on it."""

import contextlib
import json
import os
import shutil
import subprocess
import sysconfig
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from local.aws import client
from local.deploy import deployer
from local.deploy.deployer import Deployed
from local.deploy.stack import Stack
from local.emulator import service
from local.home import Home
from local.ports import HOST, choose
from local.processes import identify, stop

SHOP = Path(__file__).parent / "shop"
VALUES = {"PublicUrl": "http://shop.example"}
FUNCTIONS = ("echo", "worker", "listener", "steps")


@dataclass
class World:
    """A running emulator, how to speak with it, and the shop on it."""

    home: Home
    port: int
    smtp_port: int
    process: subprocess.Popen[bytes]
    clients: Callable[[str], Any]
    deployed: Deployed | None = None

    @property
    def stack(self) -> Stack:
        assert self.deployed is not None
        return self.deployed.stack

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.port}"

    def physical(self, name: str) -> str:
        return self.stack.physical[name]

    def deploy(self) -> Deployed:
        self.deployed = deployer.deploy(self.clients, self.home, SHOP / "template.yaml", VALUES, "shop")
        return self.deployed

    def call(self, path: str, method: str = "GET", headers: dict[str, str] | None = None) -> "Answer":
        url = f"{self.endpoint}/_aws/execute-api/{self.physical('Api')}{path}"
        return fetch(url, method, headers)

    def item(self, key: str) -> dict[str, Any] | None:
        found = self.clients("dynamodb").get_item(TableName=self.physical("Table"), Key={"pk": {"S": key}})
        return found.get("Item")  # type: ignore[no-any-return]

    def log(self) -> str:
        return (self.home.logs / "aws.log").read_text()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def fetch(url: str, method: str = "GET", headers: dict[str, str] | None = None) -> Answer:
    request = urllib.request.Request(url, method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=40) as answer:
            return Answer(answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())


@contextmanager
def world(
    folder: Path, *, cured: bool = True, enforce_roles: bool = False, smtp_port: int = 9
) -> Iterator[World]:
    """A running emulator; without its start-up cures it is MiniStack as it comes."""
    home = Home(folder)
    home.prepare()
    port = choose(["aws"], home.ports_file)["aws"]
    process = launch(home, port, smtp_port, cured=cured, enforce_roles=enforce_roles)
    made = World(home, port, smtp_port, process, cache(partial(client, endpoint=f"http://{HOST}:{port}")))
    try:
        yield made
    finally:
        end(made.process)
        shutil.rmtree(home.temporary, ignore_errors=True)


def launch(
    home: Home, port: int, smtp_port: int, *, cured: bool = True, enforce_roles: bool = False
) -> subprocess.Popen[bytes]:
    home.temporary.mkdir(exist_ok=True)
    command = service.command() if cured else [str(service.PYTHON), "-m", "ministack"]
    environment = service.environment(home, port, smtp_port, enforce_roles=enforce_roles)
    with (home.logs / "aws.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    assert service.wait_ready(port, 20), (home.logs / "aws.log").read_text()[-2000:]
    return process


def end(process: subprocess.Popen[bytes]) -> None:
    known = identify(process.pid)
    if known:
        assert stop(known, 60, kill=False)
    process.wait()


def lay_out(home: Home) -> None:
    """The build folder as the build makes it; the libraries are those of this environment."""
    for name in FUNCTIONS:
        shutil.copytree(SHOP / "functions" / name, home.build / f"{name.title()}Function", dirs_exist_ok=True)
    shutil.copytree(SHOP / "layers" / "shared", home.build / "SharedLayer" / "python", dirs_exist_ok=True)
    libraries = home.build / "DependencyLayer" / "python"
    libraries.parent.mkdir(exist_ok=True)
    with contextlib.suppress(FileExistsError):
        libraries.symlink_to(sysconfig.get_path("purelib"))


def eventually[T](look: Callable[[], T], seconds: float = 15) -> T:
    """The first true answer; at the deadline whatever the last one was."""
    deadline = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def workers_of(process: subprocess.Popen[bytes]) -> list[int]:
    """The function processes that an emulator has started."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,pgid=,args="], capture_output=True, text=True, check=True
    )
    rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
    group = os.getpgid(process.pid)
    return [int(pid) for pid, leader, command in rows if int(leader) == group and "awslambdaric" in command]
