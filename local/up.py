"""`make up`: build, start, deploy, fill, load the demo shop, and say where everything is."""

import argparse
import importlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from functools import cache, partial
from pathlib import Path
from typing import Any

from local import build, plan, running, stackfile, system
from local.aws import client
from local.console import Failure, report, say, step
from local.credentials import credentials_of, paypal_root, sftp_client_key
from local.deploy import deployer, fill
from local.deploy.deployer import Deployed
from local.emulator import relocate
from local.emulator import service as emulator
from local.home import REPOSITORY, Home, home_from_environment
from local.plan import write_whole
from local.ports import HOST, is_free
from local.processes import is_running
from local.running import EMULATOR
from local.summary import show
from local.system import Addresses

START_SECONDS = 30
TEMPLATE = REPOSITORY / "template.yaml"


def up(home: Home, *, enforce_roles: bool = False, with_shop: bool = True) -> dict[str, Any]:
    """Bring the system up, or up to date if it runs; answers its description."""
    with alone(home):
        running_already = is_running_as(home, enforce_roles=enforce_roles)
        if not running_already:
            clear_away(home)
        try:
            return _bring_up(
                home, enforce_roles=enforce_roles, with_shop=with_shop, fresh=not running_already
            )
        except BaseException:
            if not running_already:
                running.stop_everything(home)
            raise


def _bring_up(home: Home, *, enforce_roles: bool, with_shop: bool, fresh: bool) -> dict[str, Any]:
    home.prepare()
    built = build_all(home)
    places = system.addresses(home) if fresh else system.kept_addresses(home)
    if fresh:
        start(home, places, enforce_roles=enforce_roles)
    clients = cache(partial(client, endpoint=places.url("aws")))
    deployed = deploy(home, places, clients)
    if built and not fresh:
        renew(clients, home, deployed, built)
    known = credentials_of(home)
    with step("Secrets and staff"):
        fill.secrets(
            clients,
            deployed.stack,
            known.secret_values(sftp_client_key(home).private.read_text(), paypal_root(home)),
        )
        fill.staff(clients, deployed.stack, known)
        fill.sender(clients, system.MAIL_FROM)
    description = stackfile.describe(home, places, deployed.stack, known)
    if with_shop:
        load_shop(home, description)
    stackfile.write(home, description)
    running.warm_up(home)
    return description


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """Only one command at a time may start, stop or change a home's system."""
    home.run.mkdir(parents=True, exist_ok=True)
    with (home.run / "lock").open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except OSError as error:
            raise Failure(f"another command is at work on {home.root}") from error
        yield


def is_running_as(home: Home, *, enforce_roles: bool) -> bool:
    """Whether the system runs, complete and with the services that would be started now."""
    if running.launcher(home) is None or not home.ports_file.exists():
        return False
    kept = system.kept_addresses(home)
    if not kept.ports.keys() >= set(system.NAMES):
        return False  # a part that the running version does not have
    wanted = system.services(home, kept, enforce_roles=enforce_roles)
    return plan.read(home.run / "plan.json") == wanted


def clear_away(home: Home) -> None:
    """End what an interrupted launcher left, so that its state is written and its ports are free."""
    left = [name for name, process in running.services(home).items() if is_running(process)]
    if running.launcher(home) or left:
        with step("Stopping what still runs"):
            stubborn = running.stop_everything(home)
        if stubborn:
            raise Failure(f"{', '.join(stubborn)} would not stop", home.logs / f"{stubborn[0]}.log")


def build_all(home: Home) -> list[str]:
    with step("Building functions and layers") as remarks:
        built = build.build(home, home.logs / "build.log", TEMPLATE)
        remarks.append(f"{len(built)} built" if built else "nothing changed")
    return built


def start(home: Home, places: Addresses, *, enforce_roles: bool) -> None:
    services = system.services(home, places, enforce_roles=enforce_roles)
    plan.write(services, home.run / "plan.json")
    with step(f"Starting {len(services)} services") as remarks:
        if relocate.follow_port(home, places.ports["aws"]):
            remarks.append("the embedded AWS moved to another port")
        with (home.logs / "launcher.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "local.launcher", "--home", str(home.root)],
                cwd=REPOSITORY,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        running.note_launcher(home, process.pid)
        _wait_until_up(home, places)


def _wait_until_up(home: Home, places: Addresses) -> None:
    deadline = time.monotonic() + START_SECONDS
    for name, port in system.watched_ports(places).items():
        while is_free(port) or (name == EMULATOR and not emulator.is_ready(port)):
            if running.launcher(home) is None:
                raise Failure("the launcher ended", home.logs / "launcher.log")
            if time.monotonic() > deadline:
                raise Failure(f"{name} does not answer on {HOST}:{port}", home.logs / f"{name}.log")
            time.sleep(0.05)


def deploy(home: Home, places: Addresses, clients: Any) -> Deployed:
    parameters = system.parameters(places, build.architecture())
    with step("Deploying template.yaml") as remarks:
        deployed = deployer.deploy(clients, home, TEMPLATE, parameters)
        remarks.append(f"{len(deployed.stack.physical)} resources" if deployed.changed else "nothing changed")
        route = {"api_id": deployed.stack.physical["HttpApi"]}
        write_whole(home.run / "route.json", json.dumps(route))
    for gap in deployed.gaps:
        say(f"    not as the template says: {gap}")
    return deployed


def renew(clients: Any, home: Home, deployed: Deployed, built: list[str]) -> None:
    """Make changed code live in functions that run already."""
    with step("Renewing functions") as remarks:
        remarks.append(f"{deployer.renew(clients, home, TEMPLATE, deployed.stack, built)} renewed")


def refresh(home: Home, places: Addresses) -> list[str]:
    """Bring a running system up to date with the checkout; answers what was built anew."""
    built = build_all(home)
    clients = cache(partial(client, endpoint=places.url("aws")))
    deployed = deploy(home, places, clients)
    if built:
        renew(clients, home, deployed, built)
        running.warm_up(home)
    return built


def load_shop(home: Home, description: dict[str, Any]) -> None:
    """Once per stack: what a person then changes in the demo shop stays."""
    loaded = home.state / "shop-loaded"
    if loaded.exists() or not (REPOSITORY / "local" / "demo" / "load.py").exists():
        return
    with step("Loading the demo shop"):
        importlib.import_module("local.demo.load").load(description)
    loaded.touch()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="where state is kept; COMANDA_HOME or .local by default")
    parser.add_argument("--enforce-roles", action="store_true", help="let execution roles decide, as on AWS")
    parser.add_argument("--empty", action="store_true", help="without the demo shop")
    chosen = parser.parse_args()
    home = Home(chosen.home.resolve()) if chosen.home else home_from_environment()
    started = time.monotonic()
    for number in (signal.SIGTERM, signal.SIGINT):  # SIGINT is ignored in what a script starts with `&`
        signal.signal(number, signal.default_int_handler)  # what was started is stopped again
    say("Comanda on this machine")
    try:
        description = up(home, enforce_roles=chosen.enforce_roles, with_shop=not chosen.empty)
    except Failure as failure:
        report(failure)
        sys.exit(1)
    except KeyboardInterrupt:
        say("\n  Interrupted; everything that was started is stopped.")
        sys.exit(130)
    show(home, description, time.monotonic() - started)


if __name__ == "__main__":
    main()
