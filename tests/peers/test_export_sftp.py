"""The export's SFTP courier against real servers: OpenSSH, and a Python one that can say no."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from comanda.exports.model import DeliveryFailed
from comanda.exports.sftp import SftpCourier
from comanda.settings.sections import Destination
from local.peers.sftp import openssh
from local.peers.sftp.keys import KeyPair, key_pair
from local.peers.sftp.settings import HOST, username
from tests.contracts.couriers import CONTENT, NAME, CourierContract, Run
from tests.peers.moody_sftp import MoodyServer
from tests.peers.test_sftp_peer import Peer, call, running

pytestmark = [pytest.mark.enable_socket, pytest.mark.capability("A18", "G08")]


@dataclass
class SftpPlace:
    """A destination on a running peer."""

    peer: Peer
    courier: SftpCourier

    def files(self) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in self.peer.inbox.iterdir()}

    def put(self, name: str, content: bytes) -> None:
        (self.peer.inbox / name).write_bytes(content)

    def remove(self, name: str) -> None:
        (self.peer.inbox / name).unlink()

    def cut(self, after_bytes: int) -> None:
        call("POST", f"{self.peer.control_url}/cuts", {"after_bytes": after_bytes, "count": 1})

    def lose_directory(self) -> None:
        self.courier.to = self.courier.to.model_copy(update={"directory": "outbox"})


def courier_to(peer: Peer, key: KeyPair, host_line: str) -> SftpCourier:
    to = Destination(host=HOST, port=peer.port, username=username(), directory="inbox", host_key=host_line)
    return SftpCourier(to, {"private_key": key.private.read_text()}, connect_seconds=5, idle_seconds=5)


@pytest.fixture(scope="module", params=["openssh", "python"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "openssh" and (reason := openssh.missing(folder)):
        pytest.skip(f"{reason}; `make tools` installs it")
    with running(folder, request.param) as started:
        yield started


@pytest.fixture
def peer(server: Peer) -> Iterator[Peer]:
    yield server
    for file in server.inbox.iterdir():
        file.unlink()


class TestSftpCourier(CourierContract):
    @pytest.fixture
    def place(self, peer: Peer) -> SftpPlace:
        return SftpPlace(peer, courier_to(peer, peer.client_key, peer.host_key.public_line))


def test_a_stranger_is_refused_at_once(peer: Peer, tmp_path: Path) -> None:
    stranger = key_pair(tmp_path / "stranger_ed25519")
    with pytest.raises(DeliveryFailed) as failed:
        Run().through(courier_to(peer, stranger, peer.host_key.public_line))
    assert (failed.value.type, failed.value.passing) == ("destination-login-refused", False)
    assert list(peer.inbox.iterdir()) == []


def test_a_changed_host_key_stops_before_the_login(peer: Peer, tmp_path: Path) -> None:
    former = key_pair(tmp_path / "former_ed25519")
    with pytest.raises(DeliveryFailed) as failed:
        Run().through(courier_to(peer, peer.client_key, former.public_line))
    assert (failed.value.type, failed.value.passing) == ("destination-host-key-changed", False)
    assert former.fingerprint in failed.value.detail
    assert peer.host_key.fingerprint in failed.value.detail
    assert list(peer.inbox.iterdir()) == []


def test_a_key_of_another_kind_than_pinned_is_a_changed_key(peer: Peer) -> None:
    pinned = ec.generate_private_key(ec.SECP256R1()).public_key()
    line = pinned.public_bytes(form.Encoding.OpenSSH, form.PublicFormat.OpenSSH).decode()
    with pytest.raises(DeliveryFailed) as failed:
        Run().through(courier_to(peer, peer.client_key, line))
    assert (failed.value.type, failed.value.passing) == ("destination-host-key-changed", False)
    assert list(peer.inbox.iterdir()) == []


@pytest.mark.parametrize("after_bytes", [1, 1_000, 3_000, 100_000, 800_000])
def test_wherever_the_line_breaks_the_retry_delivers(peer: Peer, after_bytes: int) -> None:
    place = SftpPlace(peer, courier_to(peer, peer.client_key, peer.host_key.public_line))
    place.cut(after_bytes)
    with pytest.raises(DeliveryFailed) as failed:
        Run().through(place.courier)
    assert failed.value.type in ("destination-unreachable", "destination-cut")
    assert failed.value.passing
    assert NAME not in place.files()
    assert Run().through(place.courier) == "renamed"
    assert place.files() == {NAME: CONTENT}


def test_a_large_file_is_compared_by_its_size(peer: Peer) -> None:
    content = bytes(range(256)) * 25_000  # 6.4 MB
    courier = courier_to(peer, peer.client_key, peer.host_key.public_line)
    assert Run(content=content).through(courier) == "renamed"
    assert (peer.inbox / NAME).read_bytes() == content
    assert Run(content=content).through(courier) == "found"


def test_nobody_listening_is_worth_another_attempt(peer: Peer) -> None:
    courier = courier_to(peer, peer.client_key, peer.host_key.public_line)
    courier.to = courier.to.model_copy(update={"port": 1})
    with pytest.raises(DeliveryFailed) as failed:
        Run().through(courier)
    assert (failed.value.type, failed.value.passing) == ("destination-unreachable", True)


@pytest.fixture
def moody(tmp_path: Path) -> Iterator[MoodyServer]:
    server = MoodyServer(tmp_path)
    yield server
    server.stop()


def to_moody(moody: MoodyServer, credentials: dict[str, str]) -> SftpCourier:
    to = Destination(host=HOST, port=moody.port, username="shop", directory="inbox", host_key=moody.host_line)
    return SftpCourier(to, credentials, connect_seconds=5, idle_seconds=2)


KEYS = {
    "ed25519": ed25519.Ed25519PrivateKey.generate(),
    "ecdsa": ec.generate_private_key(ec.SECP256R1()),
    "rsa": rsa.generate_private_key(65537, 2048),
}
FORMATS = {
    "openssh": form.PrivateFormat.OpenSSH,
    "pkcs8": form.PrivateFormat.PKCS8,
    "pem": form.PrivateFormat.TraditionalOpenSSL,
}


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("written", FORMATS)
@pytest.mark.parametrize("passphrase", ["", "una frase"])
def test_private_keys_in_any_usual_form_log_in(
    moody: MoodyServer, kind: str, written: str, passphrase: str
) -> None:
    if (kind, written) == ("ed25519", "pem"):
        written = "pkcs8"  # this form knows no Ed25519
    key = KEYS[kind]
    locked = form.BestAvailableEncryption(passphrase.encode()) if passphrase else form.NoEncryption()
    text = key.private_bytes(form.Encoding.PEM, FORMATS[written], locked).decode()
    moody.let_in(key.public_key())
    credentials = {"private_key": text} | ({"passphrase": passphrase} if passphrase else {})
    assert Run(content=b"a,b\r\n").through(to_moody(moody, credentials)) == "renamed"
    assert (moody.inbox / NAME).read_bytes() == b"a,b\r\n"


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_host_keys_of_every_kind_can_be_pinned(tmp_path: Path, kind: str) -> None:
    server = MoodyServer(tmp_path, host_key=KEYS[kind])
    try:
        server.password = "secreto"
        assert Run(content=b"x").through(to_moody(server, {"password": "secreto"})) == "renamed"
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("credentials", "problem"),
    [
        ({}, "destination-no-credentials"),
        ({"private_key": "not a key"}, "destination-key-invalid"),
        ({"password": "wrong"}, "destination-login-refused"),
    ],
)
def test_credentials_that_do_not_serve_are_named(
    moody: MoodyServer, credentials: dict[str, str], problem: str
) -> None:
    with pytest.raises(DeliveryFailed) as failed:
        Run().through(to_moody(moody, credentials))
    assert (failed.value.type, failed.value.passing) == (problem, False)


def test_a_locked_key_without_its_passphrase_is_named(moody: MoodyServer) -> None:
    locked = form.BestAvailableEncryption(b"una frase")
    text = KEYS["rsa"].private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, locked).decode()
    with pytest.raises(DeliveryFailed, match="passphrase"):
        Run().through(to_moody(moody, {"private_key": text}))


@pytest.mark.parametrize("line", ["ssh-ed25519", "ssh-ed25519 AAAA", "ssh-ed25519 ¿?", "ssh-unknown AAAA"])
def test_a_host_key_setting_that_is_no_key_is_named(moody: MoodyServer, line: str) -> None:
    moody.password = "secreto"
    courier = to_moody(moody, {"password": "secreto"})
    courier.to = courier.to.model_copy(update={"host_key": line})
    with pytest.raises(DeliveryFailed) as failed:
        Run().through(courier)
    assert (failed.value.type, failed.value.passing) == ("destination-host-key-invalid", False)


def test_without_a_confirmed_host_key_nothing_is_sent(moody: MoodyServer) -> None:
    moody.password = "secreto"
    courier = to_moody(moody, {"password": "secreto"})
    courier.to = courier.to.model_copy(update={"host_key": ""})
    with pytest.raises(DeliveryFailed) as failed:
        Run().through(courier)
    assert (failed.value.type, failed.value.passing) == ("destination-host-key-missing", False)
    assert moody.connections == []


@pytest.mark.parametrize(
    ("mood", "problem", "passing"),
    [
        ("forbids writing", "destination-not-writable", False),
        ("takes no new file", "destination-write-failed", True),
        ("disk is full", "destination-size-differs", True),
        ("loses bytes", "destination-size-differs", True),
        ("falls silent", "destination-cut", True),
        ("hangs up on rename", "destination-cut", True),
    ],
)
def test_what_a_server_does_to_us_is_named(
    moody: MoodyServer, mood: str, problem: str, passing: bool
) -> None:
    moody.password, moody.mood = "secreto", mood
    with pytest.raises(DeliveryFailed) as failed:
        Run().through(to_moody(moody, {"password": "secreto"}))
    assert (failed.value.type, failed.value.passing) == (problem, passing)
    assert not (moody.inbox / NAME).exists()
    moody.mood = ""
    assert Run().through(to_moody(moody, {"password": "secreto"})) == "renamed"
    assert (moody.inbox / NAME).read_bytes() == CONTENT


@pytest.mark.parametrize("there", [False, True])
def test_a_server_without_the_rename_extension_is_served_too(moody: MoodyServer, there: bool) -> None:
    moody.password, moody.mood = "secreto", "knows no posix-rename"
    if there:
        (moody.inbox / NAME).write_bytes(b"other bytes")
    assert Run().through(to_moody(moody, {"password": "secreto"})) == "renamed"
    assert {file.name: file.read_bytes() for file in moody.inbox.iterdir()} == {NAME: CONTENT}
