"""Trying a destination out against real servers: each failure by its own name, and no file left behind."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from comanda.exports.probing import Finding
from comanda.exports.sftp_probe import probe_sftp
from comanda.settings.sections import Destination
from local.peers.sftp.keys import key_pair
from local.peers.sftp.settings import HOST, username
from tests.peers.moody_sftp import MoodyServer
from tests.peers.test_export_sftp import peer, server
from tests.peers.test_sftp_peer import Peer

__all__ = ["peer", "server"]

pytestmark = [pytest.mark.enable_socket, pytest.mark.capability("A19")]

NAME = ".comanda-test-1"


def tried(to: Destination, credentials: dict[str, str]) -> Finding:
    return probe_sftp(to, credentials, NAME, connect_seconds=3, idle_seconds=2)


def at_peer(peer: Peer, **changes: object) -> Destination:
    usual = Destination(
        host=HOST, port=peer.port, username=username(), directory="inbox", host_key=peer.host_key.public_line
    )
    return usual.model_copy(update=changes)


def key_of(peer: Peer) -> dict[str, str]:
    return {"private_key": peer.client_key.private.read_text()}


def test_a_destination_that_takes_files_is_told_so_and_keeps_none(peer: Peer) -> None:
    found = tried(at_peer(peer), key_of(peer))
    assert (found.ok, found.problem, found.detail) == (True, "", "")
    assert list(peer.inbox.iterdir()) == []


def test_an_unconfirmed_key_is_shown_and_nothing_secret_is_sent(peer: Peer) -> None:
    found = tried(at_peer(peer, host_key=""), {})
    assert (found.ok, found.problem) == (False, "destination-host-key-missing")
    assert found.fingerprint == peer.host_key.fingerprint
    assert found.host_key.split() == peer.host_key.public_line.split()[:2]
    again = tried(at_peer(peer, host_key=found.host_key), key_of(peer))
    assert again.ok


def test_a_changed_key_is_shown_beside_the_confirmed_one(peer: Peer, tmp_path: Path) -> None:
    former = key_pair(tmp_path / "former_ed25519")
    found = tried(at_peer(peer, host_key=former.public_line), {})
    assert found.problem == "destination-host-key-changed"
    assert found.fingerprint == peer.host_key.fingerprint
    assert former.fingerprint in found.detail


def test_a_stranger_and_a_missing_folder_are_named(peer: Peer, tmp_path: Path) -> None:
    stranger = {"private_key": key_pair(tmp_path / "stranger_ed25519").private.read_text()}
    assert tried(at_peer(peer), stranger).problem == "destination-login-refused"
    assert tried(at_peer(peer, username="nobody-here"), key_of(peer)).problem == "destination-login-refused"
    assert tried(at_peer(peer, directory="outbox"), key_of(peer)).problem == "destination-no-directory"
    assert tried(at_peer(peer), {}).problem == "destination-no-credentials"
    assert list(peer.inbox.iterdir()) == []


def test_who_is_not_there_is_told_from_who_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    nobody = Destination(host="127.0.0.1", port=1, username="shop")
    assert tried(nobody, {}).problem == "destination-refused"
    assert (
        tried(nobody.model_copy(update={"host": "a" * 70 + ".example"}), {}).problem
        == "destination-no-such-host"
    )
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    named = nobody.model_copy(update={"host": "sftp.example.com"})
    assert tried(named, {}).problem == "destination-no-such-host"


def test_a_server_that_speaks_something_else_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        found = tried(Destination(host="127.0.0.1", port=silent.getsockname()[1], username="shop"), {})
    assert found.problem == "destination-unreachable"


@pytest.fixture
def moody(tmp_path: Path) -> Iterator[MoodyServer]:
    server = MoodyServer(tmp_path)
    server.password = "secreto"
    yield server
    server.stop()


@pytest.mark.parametrize(
    ("mood", "problem", "left"),
    [
        ("forbids writing", "destination-not-writable", 0),
        ("takes no new file", "destination-write-failed", 0),
        ("hangs up on rename", "destination-cut", 1),
        ("knows no posix-rename", "", 0),
        ("forbids deleting", "destination-test-left", 1),
    ],
)
def test_what_a_server_does_to_the_test_is_named(
    moody: MoodyServer, mood: str, problem: str, left: int
) -> None:
    moody.mood = mood
    to = Destination(host=HOST, port=moody.port, username="shop", directory="inbox", host_key=moody.host_line)
    found = tried(to, {"password": "secreto"})
    assert (found.problem, found.ok) == (problem, not problem)
    names = [path.name for path in moody.inbox.iterdir()]
    assert len(names) == left, names
    if mood == "forbids deleting":
        assert NAME in found.detail
