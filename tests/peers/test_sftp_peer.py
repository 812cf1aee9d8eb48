"""The SFTP peer, both servers, driven by the library that the export uses."""

import base64
import io
import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import paramiko
import pytest

from local.peers.sftp import openssh
from local.peers.sftp.keys import KeyPair, key_pair
from local.peers.sftp.settings import HOST, username
from local.ports import choose

pytestmark = pytest.mark.enable_socket


@dataclass(frozen=True)
class Peer:
    port: int
    control_url: str
    host_key: KeyPair
    client_key: KeyPair
    inbox: Path


@pytest.fixture(params=["openssh", "python"])
def peer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Peer]:
    if request.param == "openssh" and (reason := openssh.missing(tmp_path)):
        pytest.skip(f"{reason}; `make tools` installs it")
    with running(tmp_path, request.param) as started:
        yield started


@contextmanager
def running(folder: Path, server: str) -> Iterator[Peer]:
    host, client = key_pair(folder / "host_ed25519"), key_pair(folder / "client_ed25519")
    ports = choose(["line", "server", "control"], folder / "ports.json")
    options = {
        "--server": server,
        "--folder": folder / "served",
        "--port": ports["line"],
        "--server-port": ports["server"],
        "--control-port": ports["control"],
        "--host-key": host.private,
        "--allowed-key": client.private.with_suffix(".pub"),
    }
    given = [str(part) for option in options.items() for part in option]
    process = subprocess.Popen([sys.executable, "-m", "local.peers.sftp", *given])
    try:
        for port in ports.values():
            wait_for(port, process)
        control = f"http://{HOST}:{ports['control']}"
        yield Peer(ports["line"], control, host, client, folder / "served" / "inbox")
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        assert process.poll() is None, "the peer ended instead of listening"
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"nothing listens on {port}")


@contextmanager
def connected(peer: Peer, key: KeyPair, host_line: str) -> Iterator[paramiko.SFTPClient]:
    kind, encoded = host_line.split()[:2]
    with paramiko.SSHClient() as client:
        host_key = paramiko.Ed25519Key(data=base64.b64decode(encoded))
        client.get_host_keys().add(f"[{HOST}]:{peer.port}", kind, host_key)
        client.connect(
            HOST,
            peer.port,
            username(),
            pkey=paramiko.Ed25519Key.from_private_key_file(str(key.private)),
            look_for_keys=False,
            allow_agent=False,
            timeout=10,
        )
        yield client.open_sftp()


def call(method: str, url: str, body: Any = None) -> Any:
    request = urllib.request.Request(url, json.dumps(body).encode() if body else None, method=method)
    with urllib.request.urlopen(request, timeout=5) as answer:
        read = answer.read()
        return json.loads(read) if read else None


def test_takes_a_file_under_a_temporary_name_and_renames_it(peer: Peer) -> None:
    content = "número;cliente\r\nP-000001;Peñafiel, Ángel\r\n".encode()
    with connected(peer, peer.client_key, peer.host_key.public_line) as sftp:
        sftp.putfo(io.BytesIO(content), "inbox/orders.csv.tmp")
        assert sftp.stat("inbox/orders.csv.tmp").st_size == len(content)
        sftp.posix_rename("inbox/orders.csv.tmp", "inbox/orders.csv")
        assert sftp.listdir("inbox") == ["orders.csv"]
    assert (peer.inbox / "orders.csv").read_bytes() == content


def test_refuses_another_key(peer: Peer, tmp_path: Path) -> None:
    stranger = key_pair(tmp_path / "stranger_ed25519")
    with (
        pytest.raises(paramiko.AuthenticationException),
        connected(peer, stranger, peer.host_key.public_line),
    ):
        pytest.fail("a stranger was let in")


def test_refuses_a_password(peer: Peer) -> None:
    transport = paramiko.Transport((HOST, peer.port))
    try:
        transport.start_client(timeout=10)
        with pytest.raises(paramiko.BadAuthenticationType) as refused:
            transport.auth_password(username(), "secret")
        assert refused.value.allowed_types == ["publickey"]
    finally:
        transport.close()


def test_a_changed_host_key_stops_the_client(peer: Peer, tmp_path: Path) -> None:
    pinned = key_pair(tmp_path / "former_host_ed25519")
    with pytest.raises(paramiko.BadHostKeyException), connected(peer, peer.client_key, pinned.public_line):
        pytest.fail("the client went on with a server it does not know")
    assert list(peer.inbox.iterdir()) == []


def test_the_line_breaks_in_the_middle_of_a_file_as_often_as_wanted(peer: Peer) -> None:
    content = bytes(range(256)) * 4096
    wanted = call("POST", f"{peer.control_url}/cuts", {"after_bytes": 300_000, "count": 2})
    assert wanted == {"waiting": {"after_bytes": 300_000, "count": 2}, "broken": 0}
    for _ in range(2):
        with (
            pytest.raises((OSError, EOFError, paramiko.SSHException)),
            connected(peer, peer.client_key, peer.host_key.public_line) as sftp,
        ):
            sftp.putfo(io.BytesIO(content), "inbox/large.tmp")
        assert (peer.inbox / "large.tmp").stat().st_size < len(content)
    with connected(peer, peer.client_key, peer.host_key.public_line) as sftp:
        sftp.putfo(io.BytesIO(content), "inbox/large.tmp")
    assert (peer.inbox / "large.tmp").read_bytes() == content
    assert call("GET", f"{peer.control_url}/cuts") == {"waiting": None, "broken": 2}


def test_a_wanted_cut_can_be_called_off(peer: Peer) -> None:
    call("POST", f"{peer.control_url}/cuts", {"after_bytes": 1, "count": 9})
    assert call("DELETE", f"{peer.control_url}/cuts") is None
    with connected(peer, peer.client_key, peer.host_key.public_line) as sftp:
        assert sftp.listdir(".") != []


def test_the_fingerprint_is_the_one_that_ssh_keygen_prints(tmp_path: Path) -> None:
    pair = key_pair(tmp_path / "key_ed25519")
    printed = subprocess.run(
        ["ssh-keygen", "-l", "-f", str(pair.private)], capture_output=True, text=True, check=True
    ).stdout
    assert printed.split()[1] == pair.fingerprint
