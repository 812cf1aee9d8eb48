"""The adapter of FedEx on a FedEx with a memory: questions after parcels, and its own signed webhooks."""

import json
from collections.abc import Iterator

import pytest

from comanda.errors import BadSignature
from comanda.fulfilment.carriers.fedex import reading, signature
from comanda.fulfilment.carriers.fedex.adapter import FedEx
from comanda.fulfilment.carriers.port import Unavailable
from local.peers.fedex.peer import FedEx as Peer
from local.peers.fedex.peer import headers
from local.peers.web import Server

SECRETS = {"client_id": "client", "client_secret": "s3cret"}


@pytest.fixture
def peer() -> Peer:
    return Peer("client", "s3cret")


@pytest.fixture
def server(peer: Peer) -> Iterator[Server]:
    server = Server("127.0.0.1", 0, peer, "fedex")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def fedex(server: Server) -> FedEx:
    return FedEx(lambda: SECRETS, lambda: server.url, read_seconds=5)


@pytest.mark.capability("D13")
def test_one_question_answers_for_many_parcels(fedex: FedEx, peer: Peer) -> None:
    peer.scan("7941", "PU", "2026-11-22T10:00:00-06:00")
    peer.scan("7941", "OD", "2026-11-22T14:00:00-06:00")
    peer.scan("7942", "DL", "2026-11-22T15:00:00-05:00")
    found = fedex.track_all(["7941", "0000", "7942"])
    assert {number: [scan.status for scan in one.scans] for number, one in found.items()} == {
        "7941": ["in_transit", "out_for_delivery"],
        "7942": ["delivered"],
    }
    assert list(peer.asked) == [["7941", "0000", "7942"]]
    assert found["7942"].scans[0].at == "2026-11-22T15:00:00-05:00"


def test_too_many_requests_and_wrong_keys_pass(fedex: FedEx, peer: Peer, server: Server) -> None:
    peer.refused = 1
    with pytest.raises(Unavailable):
        fedex.track_all(["7941"])
    with pytest.raises(Unavailable):
        FedEx(lambda: SECRETS | {"client_secret": "no"}, lambda: server.url).track_all(["7941"])
    assert not peer.asked


def test_its_webhooks_are_proven_and_read(peer: Peer) -> None:
    body = json.dumps(peer.scan("7941", "DL", "2026-11-22T15:00:00-06:00")).encode()
    signature.verify(body, headers(body, "token", 0), ["older", "token"])
    with pytest.raises(BadSignature):
        signature.verify(body, headers(body, "token", 0), ["older"])
    [report] = reading.read(body)
    assert (report.tracking_number, report.scans[0].status) == ("7941", "delivered")
