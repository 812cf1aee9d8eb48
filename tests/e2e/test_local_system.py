"""The local system's own promises: starts, survives, renews, stops, leaves nothing behind."""

import json
import os
import shutil
import signal
import smtplib
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import pytest

from local.aws import client
from local.plan import Service
from local.processes import Started, is_running

ROOT = Path(__file__).parent.parent.parent
COPIED = ("functions", "layers", "local", "statemachines", "template.yaml", ".python-version")
LINKED = (".venv", ".tools", ".aws-sam")
CONTRACT = {
    *("api_url", "storefront_url", "back_office_url", "mailbox_url", "aws_endpoint_url", "region"),
    *("state_machines", "tables", "event_bus", "buckets", "reply_domain", "users", "stripe", "paypal"),
    *("mercadopago", "carrier", "peers", "sftp", "shop"),
}


@dataclass(frozen=True)
class Checkout:
    """A copy of the checkout that a test may change, and the home of the system that runs from it."""

    root: Path
    home: Path

    def run(self, name: str, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", f"local.{name}", *options],
            cwd=self.root,
            env=os.environ | {"COMANDA_HOME": str(self.home)},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    def up(self) -> str:
        done = self.run("up", "--empty")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @property
    def stack(self) -> dict[str, Any]:
        description: dict[str, Any] = json.loads((self.home / "stack.json").read_text())
        return description

    def process(self, name: str) -> Started:
        file = "launcher.json" if name == "launcher" else "processes.json"
        noted = json.loads((self.home / "run" / file).read_text())
        return Started(**(noted if name == "launcher" else noted[name]))

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> Started:
        process = self.process(name)
        os.kill(process.pid, number)
        return process

    def processes(self) -> list[str]:
        """Every process of this machine that has to do with this home or this copy."""
        listed = subprocess.run(
            ["ps", "-ww", "-A", "-o", "pid=,args="], capture_output=True, text=True, check=True
        )
        marks = (str(self.home), str(self.root))
        return [line for line in listed.stdout.splitlines() if any(mark in line for mark in marks)]

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.stack["api_url"] + path, data, method=method)
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def new_cart(self) -> str:
        status, cart = self.call("POST", "/carts", {})
        assert status == 201
        identity: str = cart["cart_id"]
        return identity

    def has_cart(self, identity: str) -> bool:
        table = client("dynamodb", self.stack["aws_endpoint_url"])
        found = table.scan(TableName=self.stack["tables"]["carts"])["Items"]
        return identity in json.dumps(found)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    folder = tmp_path_factory.mktemp("system")
    root = folder / "checkout"
    root.mkdir()
    for name in COPIED:
        place = ROOT / name
        if place.is_dir():
            shutil.copytree(place, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(place, root / name)
    (ROOT / ".aws-sam").mkdir(exist_ok=True)
    for name in LINKED:
        (root / name).symlink_to(ROOT / name)
    made = Checkout(root, folder / "home")
    yield made
    made.run("down")
    assert made.processes() == []


def eventually[T](look: Callable[[], T], seconds: float = 20) -> T:
    deadline = time.monotonic() + seconds
    while True:
        try:
            found = look()
        except (OSError, AssertionError):
            if time.monotonic() > deadline:
                raise
            found = None  # type: ignore[assignment]
        if found or time.monotonic() > deadline:
            return found
        time.sleep(0.1)


def test_one_command_starts_it_and_says_where_everything_is(checkout: Checkout) -> None:
    said = checkout.up()
    stack = checkout.stack
    assert set(stack) >= CONTRACT
    for url in (stack["api_url"], stack["mailbox_url"], stack["aws_endpoint_url"]):
        assert url in said
    for step in ("Building functions and layers", "Starting", "Deploying template.yaml"):
        assert step in said
    assert "not as the template says" not in said
    assert checkout.call("GET", "/products") == (200, {"items": [], "next": None})


def test_the_shop_is_up_and_empty_as_yet(checkout: Checkout) -> None:
    asked = urllib.request.Request(checkout.stack["storefront_url"], headers={"Accept-Language": "en"})
    with urllib.request.urlopen(asked, timeout=30) as answer:
        assert (answer.status, answer.headers["Content-Language"]) == (200, "en")
        assert "There are no products yet" in answer.read().decode()


def test_parts_that_are_not_built_are_null(checkout: Checkout) -> None:
    stack = checkout.stack
    assert stack["reply_domain"] is None
    assert stack["back_office_url"] == f"{stack['api_url']}/back-office"
    assert stack["buckets"]["inbound_mail"] is None
    assert stack["shop"] == {"approval": "manual", "currency": "MXN", "time_zone": "America/Mexico_City"}
    assert (checkout.home / "stack.json").stat().st_mode & 0o077 == 0


def test_it_listens_on_this_machine_only(checkout: Checkout) -> None:
    listening = Path("/proc/net/tcp").read_text().splitlines()[1:] if Path("/proc/net/tcp").exists() else []
    ports = set(json.loads((checkout.home / "ports.json").read_text()).values())
    bound = [line.split()[1].split(":") for line in listening if line.split()[3] == "0A"]
    mine = {address for address, port in bound if int(port, 16) in ports}
    assert mine == {"0100007F"}


def test_a_second_start_of_a_running_system_changes_nothing(checkout: Checkout) -> None:
    before = {name: checkout.process(name) for name in ("launcher", "aws", "api")}
    said = checkout.up()
    assert said.count("nothing changed") == 2
    assert {name: checkout.process(name) for name in before} == before


@pytest.mark.parametrize("name", ["api", "mailbox", "sftp", "peers"])
def test_a_killed_part_comes_back_by_itself(checkout: Checkout, name: str) -> None:
    if name == "peers" and checkout.stack["peers"] is None:
        pytest.fail("the payment peers are not built")
    killed = checkout.kill(name)
    assert eventually(lambda: checkout.process(name) != killed and is_running(checkout.process(name)))
    assert eventually(lambda: checkout.call("GET", "/products")[0] == 200)


def test_mails_are_kept_when_the_mailbox_is_killed(checkout: Checkout) -> None:
    port = json.loads((checkout.home / "ports.json").read_text())["smtp"]
    message = EmailMessage()
    message["To"], message["Subject"], message["X-Comanda-Event"] = "a@b.example", "Guía", "shipped"
    message.set_content("Va en camino.")

    def sent() -> bool:
        """The test before has had its services started anew."""
        with smtplib.SMTP("127.0.0.1", port) as server:
            server.send_message(message, "shop@b.example", ["a@b.example"])
        return True

    assert eventually(sent)
    checkout.kill("mailbox")

    def kept() -> list[Any]:
        query = f"{checkout.stack['mailbox_url']}?to=a@b.example&event=shipped&since=2020-01-01T00:00:00Z"
        with urllib.request.urlopen(query, timeout=5) as answer:
            found: list[Any] = json.load(answer)
            return found

    (mail,) = eventually(kept)
    assert (mail["subject"], mail["event"], mail["to"]) == ("Guía", "shipped", ["a@b.example"])


def test_the_embedded_aws_writes_its_state_when_stopped_and_comes_back(checkout: Checkout) -> None:
    cart = checkout.new_cart()
    stopped = checkout.kill("aws", signal.SIGTERM)
    assert eventually(lambda: checkout.process("aws") != stopped, 60)
    assert eventually(lambda: checkout.call("GET", "/products")[0] == 200, 30)
    assert checkout.has_cart(cart)


def test_a_killed_launcher_loses_nothing(checkout: Checkout) -> None:
    """Its services go on; the next start ends them properly, the embedded AWS last, and starts anew."""
    cart = checkout.new_cart()
    api_url = checkout.stack["api_url"]
    launcher, aws = checkout.kill("launcher"), checkout.process("aws")
    assert eventually(lambda: not is_running(launcher))
    assert is_running(aws)
    said = checkout.up()
    assert "Stopping what still runs" in said
    assert not is_running(aws)
    assert is_running(checkout.process("launcher"))
    assert checkout.stack["api_url"] == api_url
    assert checkout.has_cart(cart)


def test_two_commands_do_not_meet(checkout: Checkout) -> None:
    with (checkout.home / "run" / "lock").open("w") as lock:
        flock(lock, LOCK_EX)
        for name in ("up", "down", "reload"):
            refused = checkout.run(name)
            assert refused.returncode == 1
            assert "another command is at work" in refused.stderr
    assert checkout.call("GET", "/products")[0] == 200


def test_changed_code_of_the_shared_layer_goes_live(checkout: Checkout) -> None:
    runtime = checkout.root / "functions" / "storefront" / "app.py"
    runtime.write_text(runtime.read_text() + "\n\n_former = lambda_handler\n" + MARKED)
    shared = checkout.root / "layers" / "shared" / "comanda" / "money.py"
    shared.write_text(shared.read_text() + '\nMARK = "reloaded"\n')
    done = checkout.run("reload")
    assert done.returncode == 0, done.stdout + done.stderr
    assert checkout.call("GET", "/products") == (200, {"mark": "reloaded"})
    assert "SharedLayer, StorefrontFunction" in done.stdout


MARKED = """

def lambda_handler(event, context):
    from comanda.money import MARK
    return {"statusCode": 200, "body": '{"mark": "%s"}' % MARK}
"""


def test_state_and_addresses_survive_a_stop_until_a_reset(checkout: Checkout) -> None:
    cart = eventually(lambda: _restored(checkout))
    api_url = checkout.stack["api_url"]
    assert checkout.run("down").returncode == 0
    assert checkout.processes() == []
    assert not (checkout.home / "tmp").exists()
    assert not (checkout.home / "stack.json").exists()
    said = checkout.up()
    assert said.count("nothing changed") == 2
    assert checkout.stack["api_url"] == api_url
    assert checkout.has_cart(cart)
    assert checkout.run("reset").returncode == 0
    assert checkout.processes() == []
    assert not (checkout.home / "state").exists()


def _restored(checkout: Checkout) -> str:
    """The storefront as it was, live again, with a cart made by it."""
    shutil.copy(ROOT / "functions" / "storefront" / "app.py", checkout.root / "functions" / "storefront")
    assert checkout.run("reload").returncode == 0
    return checkout.new_cart()


def test_a_failure_says_what_and_leaves_nothing_behind(checkout: Checkout) -> None:
    handler = checkout.root / "functions" / "sweep" / "app.py"
    handler.rename(handler.with_suffix(".away"))
    try:
        failed = checkout.run("up", "--empty")
    finally:
        handler.with_suffix(".away").rename(handler)
    assert failed.returncode == 1
    assert "functions/sweep/app.py is missing" in failed.stderr
    assert checkout.processes() == []

    makefile = checkout.root / "layers" / "shared" / "Makefile"
    text = makefile.read_text()
    makefile.write_text(text.replace("mkdir -p", "no-such-program"))
    failed = checkout.run("up", "--empty")
    makefile.write_text(text)
    assert failed.returncode == 1
    assert "the build of SharedLayer failed" in failed.stderr
    assert str(checkout.home / "log" / "build.log") in failed.stderr
    assert "no-such-program" in failed.stderr
    assert checkout.processes() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_interrupted_start_leaves_nothing_behind(checkout: Checkout, number: signal.Signals) -> None:
    starting = subprocess.Popen(
        [sys.executable, "-m", "local.up", "--empty"],
        cwd=checkout.root,
        env=os.environ | {"COMANDA_HOME": str(checkout.home)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert starting.stdout is not None
    assert eventually(lambda: (checkout.home / "run" / "processes.json").exists())
    starting.send_signal(number)
    said = starting.communicate(timeout=60)[0]
    assert starting.returncode == 130
    assert "everything that was started is stopped" in said
    assert checkout.processes() == []


def test_a_service_that_does_not_start_is_named_with_its_log(checkout: Checkout) -> None:
    mailbox = checkout.root / "local" / "mailbox" / "__main__.py"
    text = mailbox.read_text()
    mailbox.write_text("raise SystemExit('no mail today')\n")
    system = checkout.root / "local" / "up.py"
    patient = system.read_text()
    system.write_text(patient.replace("START_SECONDS = 30", "START_SECONDS = 6"))
    failed = checkout.run("up", "--empty")
    mailbox.write_text(text)
    system.write_text(patient)
    assert failed.returncode == 1
    assert "mailbox does not answer" in failed.stderr
    assert "no mail today" in failed.stderr
    assert str(checkout.home / "log" / "mailbox.log") in failed.stderr
    assert checkout.processes() == []


def test_the_plan_names_how_each_service_is_stopped(checkout: Checkout) -> None:
    """The one process that must never be killed by force is the one whose state would be lost."""
    services = [Service(**row) for row in json.loads((checkout.home / "run" / "plan.json").read_text())]
    assert [service.name for service in services if not service.may_kill] == ["aws"]
