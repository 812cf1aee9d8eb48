"""UPS and FedEx beside the other peers of one system: what they remember, what the control URL does."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from comanda.fulfilment.carriers.fedex import reading, signature
from comanda.fulfilment.carriers.port import CannotTell, Refused
from comanda.fulfilment.carriers.ups.adapter import Ups
from local.peers.config import Config, FedExConfig, UpsConfig
from local.peers.system import System
from tests.peers.parcels import label, rates
from tests.peers.provider import Peers
from tests.peers.receiver import Receiver, until

pytestmark = pytest.mark.enable_socket

SECRETS = {"client_id": "client", "client_secret": "s3cret", "account_number": "A1B2C3"}
TOKEN = "the webhook project's token"


class Process:
    """Starts the peers again on what they kept."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.system: System | None = None

    def start(self) -> Peers:
        self.stop()
        self.system = System(self.config)
        self.ready = self.system.start()
        return Peers(self.ready["stripe"]["url"], self.ready["control"]["url"])

    def stop(self) -> None:
        if self.system:
            self.system.stop()


@pytest.fixture
def process(config: Config, receiver: Receiver) -> Iterator[Process]:
    fedex = FedExConfig("client", "s3cret", TOKEN, f"{receiver.url}/fedex")
    process = Process(replace(config, ups=UpsConfig(**SECRETS), fedex=fedex))
    yield process
    process.stop()


def ups_at(process: Process) -> Ups:
    return Ups(lambda: SECRETS, lambda: process.ready["ups"]["url"], read_seconds=5)


@pytest.mark.capability("D12")
def test_what_ups_sold_is_remembered_past_a_restart(process: Process) -> None:
    process.start()
    ups = ups_at(process)
    assert [one.amount for one in ups.rates(rates())] == [14250, 28990]
    bought = ups.buy(label(), "")
    peers = process.start()
    again = ups_at(process)
    assert again.buy(label(), "").tracking_number != bought.tracking_number
    assert peers.control("POST", f"/ups/shipments/{bought.ref}/scans", {"type": "I", "code": "OT"})[0] == 201
    assert [scan.status for scan in again.track(bought.ref).scans] == ["out_for_delivery"]
    with pytest.raises(Refused):
        again.void(bought.ref, bought.tracking_number)
    items = peers.control("GET", "/ups/shipments")[1]["items"]
    assert {one["number"]: len(one["activity"]) for one in items}[bought.ref] == 1


def test_scans_and_troubles_that_make_no_sense_are_refused(process: Process) -> None:
    peers = process.start()
    ups = ups_at(process)
    assert peers.control("POST", "/ups/shipments/1Z0/scans", {"type": "I"})[0] == 404
    bought = ups.buy(label(), "")
    for wish in ({}, {"type": "I", "at": "yesterday"}, {"type": "I", "at": "2026-11-22T10:00:00"}):
        assert peers.control("POST", f"/ups/shipments/{bought.ref}/scans", wish)[0] == 400
    for wish in ({"late": 1}, {"lost": -1}, {"lost": "1"}):
        assert peers.control("POST", "/ups/troubles", wish)[0] == 400
    assert peers.control("GET", "/ups")[1]["troubles"] == {"lost": 0, "broken": 0}
    assert ups.track(bought.ref).scans == ()


def test_a_purchase_can_be_lost_and_found(process: Process) -> None:
    peers = process.start()
    assert peers.control("POST", "/ups/troubles", {"lost": 1})[1]["prism"] == "not installed"
    with pytest.raises(CannotTell):
        ups_at(process).buy(label(), "")
    assert ups_at(process).find(label().reference, "") is not None


@pytest.mark.capability("D13")
def test_fedex_tells_all_scans_of_a_parcel_signed_and_doubled_on_demand(
    process: Process, receiver: Receiver
) -> None:
    peers = process.start()
    peers.fault("duplicate", peer="fedex")
    scan = {"tracking_number": "794658392011", "code": "IT", "at": "2026-11-22T10:00:00-06:00"}
    assert peers.control("POST", "/fedex/scans", scan)[0] == 201
    until(lambda: len(peers.deliveries()) == 2)
    peers = process.start()
    assert peers.control("POST", "/fedex/scans", {"tracking_number": "794658392011", "code": "DL"})[0] == 201
    until(lambda: len(receiver.all) == 3)
    told = []
    for arrived in receiver.all:
        assert arrived.path == "/fedex"
        signature.verify(arrived.body, arrived.headers, [TOKEN])
        (report,) = reading.read(arrived.body)
        told.append({one.status for one in report.scans})
    assert told == [{"in_transit"}, {"in_transit"}, {"in_transit", "delivered"}]
    assert peers.control("POST", "/fedex/scans", {"code": "DL"})[0] == 400
