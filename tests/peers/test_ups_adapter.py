"""The adapter of UPS on a UPS with a memory, each request held by Prism against what UPS documents."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import urllib3

from comanda.fulfilment.carriers.port import Box, CannotTell, Rate, Refused, Unavailable
from comanda.fulfilment.carriers.tracker import Scanned
from comanda.fulfilment.carriers.ups.adapter import Ups
from local.peers.ups.peer import Ups as Peer
from local.peers.web import Server
from tests.peers.parcels import ABROAD, ANA, BOX, REFERENCE, SHOP, label, rates, van
from tests.peers.prism import prism as prism

SECRETS = {"client_id": "client", "client_secret": "s3cret", "account_number": "A1B2C3"}


@pytest.fixture
def peer(prism: str) -> Peer:
    return Peer("client", "s3cret", "A1B2C3", lambda: prism, today=lambda: date(2026, 11, 22))


@pytest.fixture
def server(peer: Peer) -> Iterator[Server]:
    server = Server("127.0.0.1", 0, peer, "ups")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def ups(server: Server) -> Ups:
    return Ups(lambda: SECRETS, lambda: server.url, read_seconds=5)


@pytest.mark.capability("D12", "F22")
def test_every_service_with_the_accounts_own_price_and_its_day(ups: Ups) -> None:
    assert ups.rates(rates()) == (
        Rate("ups", "ups", "11", 14250, "MXN", "UPS Standard", 3, "2026-11-25"),
        Rate("ups", "ups", "65", 28990, "MXN", "UPS Worldwide Saver", 2, "2026-11-24"),
    )


@pytest.mark.parametrize("box", [BOX, Box(1), Box(31_999, 10, 10, 10), Box(500, 300, 0, 0)])
@pytest.mark.parametrize("ends", [(SHOP, ANA), (SHOP, ABROAD), (ABROAD, ABROAD), (ABROAD, ANA)])
def test_rates_are_asked_for_as_ups_wants_it(ups: Ups, box: Box, ends: Any) -> None:
    assert len(ups.rates(rates(ends[1], ends[0], box))) == 2


@pytest.mark.capability("D12")
def test_a_label_is_bought_printed_and_given_back(ups: Ups, peer: Peer) -> None:
    bought = ups.buy(label(), ups.prepare(label()))
    assert (bought.ref, bought.tracking_number) == ("1ZA1B2C30000000000",) * 2
    assert (bought.amount, bought.currency, bought.service) == (14250, "MXN", "11")
    assert bought.file
    assert bought.file.content == b"^XA^FO50,50^FD1ZA1B2C30000000000^FS^XZ"
    assert peer.shipments[bought.ref]["references"] == [REFERENCE, "P-000123"]
    assert ups.void(bought.ref, bought.tracking_number) == "voided"
    assert ups.void(bought.ref, bought.tracking_number) == "voided"


def test_a_pdf_is_fetched_after_the_purchase(ups: Ups) -> None:
    bought = ups.buy(label(format="pdf"), "")
    assert bought.file is None
    file = ups.file(bought.ref, bought.tracking_number, "pdf")
    assert (file.format, file.content[:4]) == ("pdf", b"%PDF")
    assert ups.file(bought.ref, bought.tracking_number, "png").format == "pdf"
    assert ups.file(bought.ref, bought.tracking_number, "zpl").format == "zpl"


@pytest.mark.capability("D12")
def test_a_lost_answer_is_found_by_our_reference_and_bought_once(ups: Ups, peer: Peer) -> None:
    peer.lost = 1
    with pytest.raises(CannotTell):
        ups.buy(label(), "")
    found = ups.find(REFERENCE, "")
    assert found
    assert found.tracking_number in peer.shipments
    assert (found.amount, found.currency) == (0, "")
    assert len(peer.shipments) == 1


def test_that_nothing_was_bought_cannot_be_proven(ups: Ups) -> None:
    with pytest.raises(CannotTell):
        ups.find("never-bought", "")


def test_what_was_scanned_is_not_taken_back(ups: Ups, peer: Peer) -> None:
    bought = ups.buy(label(), "")
    peer.scan(bought.ref, "P", "XX", "20261122T100000")
    with pytest.raises(Refused):
        ups.void(bought.ref, bought.tracking_number)


@pytest.mark.capability("D13")
def test_scans_come_oldest_first_with_their_offset(ups: Ups, peer: Peer) -> None:
    number = ups.buy(label(), "").tracking_number
    peer.scan(number, "M", "MP", "20261121T180000")
    peer.scan(number, "I", "OT", "20261122T080000")
    peer.scan(number, "D", "FS", "20261122T100400", offset="-05:00")
    report = ups.track(number)
    assert report.scans == (
        Scanned("pre_transit", "2026-11-21T18:00:00-06:00", "M MP", "MEXICO CITY, MX", "MP"),
        Scanned("out_for_delivery", "2026-11-22T08:00:00-06:00", "I OT", "MEXICO CITY, MX", "OT"),
        Scanned("delivered", "2026-11-22T10:04:00-05:00", "D FS", "MEXICO CITY, MX", "FS"),
    )
    assert (report.carrier, report.tracking_number, report.expected_on) == ("ups", number, "2026-11-25")
    with pytest.raises(Refused):
        ups.track("1Z99999999999999999")


def test_a_van_is_booked(ups: Ups) -> None:
    assert ups.request_pickup(van()).confirmation == "2929AONCALL"


def test_a_revoked_token_is_renewed_within_the_request(ups: Ups, peer: Peer) -> None:
    ups.rates(rates())
    peer.revoke()
    assert len(ups.rates(rates())) == 2
    assert [one["path"] for one in peer.seen].count("/security/v1/oauth/token") == 2


def test_a_token_is_kept(ups: Ups, peer: Peer) -> None:
    for _ in range(3):
        ups.rates(rates())
    assert [one["path"] for one in peer.seen].count("/security/v1/oauth/token") == 1


def test_what_went_wrong_says_whether_something_may_have_happened(ups: Ups, peer: Peer) -> None:
    peer.broken = 2
    with pytest.raises(Unavailable):
        ups.rates(rates())
    with pytest.raises(CannotTell):
        ups.buy(label(), "")
    with pytest.raises(Refused, match="111286"):
        ups.rates(rates(replace(ANA, postal_code="99999")))
    with pytest.raises(Refused, match="121210"):
        ups.buy(label(service="99"), "")
    assert peer.shipments == {}


@pytest.mark.parametrize(
    "secrets", [{}, SECRETS | {"client_secret": "wrong"}, SECRETS | {"account_number": ""}]
)
def test_without_its_keys_nothing_happens(server: Server, peer: Peer, secrets: dict[str, str]) -> None:
    with pytest.raises(Unavailable):
        Ups(lambda: secrets, lambda: server.url).buy(label(), "")
    assert peer.shipments == {}


def test_nobody_there_is_told_apart_from_no_answer() -> None:
    with pytest.raises(Unavailable):
        Ups(lambda: SECRETS, lambda: "http://127.0.0.1:9").buy(label(), "")


LONG = replace(ANA, line1="Circuito Interior " * 5, line2="Edificio de los Arcángeles " * 3)


@pytest.mark.parametrize(
    "recipient",
    [
        LONG,
        replace(ANA, city="C" * 31),
        replace(ABROAD, state="Maryland"),
        replace(ANA, postal_code="0670000000"),
    ],
)
def test_an_address_is_never_cut_off(ups: Ups, peer: Peer, recipient: Any) -> None:
    with pytest.raises(Refused):
        ups.rates(rates(recipient))
    assert [one["path"] for one in peer.seen] == []


def test_a_label_across_a_border_needs_a_broker(ups: Ups, peer: Peer) -> None:
    with pytest.raises(Refused, match="broker"):
        ups.buy(label(ABROAD), "")
    assert not peer.seen


def test_prism_refuses_what_ups_would(server: Server, peer: Peer, prism: str) -> None:
    pool = urllib3.PoolManager()
    ship = f"{server.url}/api/shipments/v2409/ship"
    assert pool.request("POST", ship, json={}).status == 401
    assert pool.request("POST", f"{prism}/api/shipments/v2409/ship", json={}).status == 401
    Ups(lambda: SECRETS, lambda: server.url).rates(rates())
    token = {"Authorization": f"Bearer {next(iter(peer._tokens))}"}
    wrong = {
        "ShipmentRequest": {"Request": {"TransactionReference": {}}, "Shipment": {}, "LabelSpecification": {}}
    }
    answer = pool.request("POST", ship, json=wrong, headers=token)
    assert answer.status == 400
    told = {one["message"] for one in json.loads(answer.headers["sl-violations"])}
    missing = ("Shipper", "ShipTo", "PaymentInformation", "Service", "Package")
    name = "Request body property ShipmentRequest"
    assert told == {
        *(f"{name}.Shipment must have required property '{one}'" for one in missing),
        f"{name}.LabelSpecification must have required property 'LabelImageFormat'",
    }
    assert peer.shipments == {}


def test_two_purchases_at_once_are_two_shipments(ups: Ups, peer: Peer) -> None:
    threads = [threading.Thread(target=lambda: ups.buy(label(), "")) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(peer.shipments) == 2
