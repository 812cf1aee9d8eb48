"""The whole way with the real adapter: the official SDK, a carrier's broker on the wire, its own webhooks."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from comanda import secrets, wiring
from comanda.fulfilment.carriers.easypost import EasyPost
from comanda.fulfilment.carriers.port import (
    Box,
    CannotTell,
    Contact,
    LabelRequest,
    PickupRequest,
    Refused,
    Unavailable,
)
from local.peers.config import Config, EasyPostConfig, StripeConfig
from local.peers.system import System
from tests.functional.conftest import Call
from tests.functional.labels_world import BOX, LabelWorld, label_world
from tests.functional.staff import ask, show

pytestmark = [pytest.mark.enable_socket, pytest.mark.capability("D12")]
KEY = "EZTKtest"
HERE = Contact("Almacén", "Calle 10", "Naucalpan", "MX", "53000", "MEX")
THERE = Contact("Ana Muñoz", "Álvaro Obregón 45", "Cuauhtémoc", "MX", "06700", "CDMX")
WANTED = LabelRequest(
    "order-l1", HERE, THERE, Box(1200, 300, 200, 100), "fedex", "FEDEX_GROUND", printed="P-1"
)


@pytest.fixture
def control(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The running peer; its control address."""
    system = System(
        Config(
            state_dir=tmp_path / "state",
            stripe=StripeConfig("sk_test_1", "pk_test_1", "whsec_new"),
            easypost=EasyPostConfig("secret", api_key=KEY),
        )
    )
    ready = system.start()
    monkeypatch.setitem(os.environ, "EASYPOST_API_BASE", ready["easypost"]["url"])
    yield str(ready["control"]["url"])
    system.stop()


def account(key: str = KEY) -> EasyPost:
    return EasyPost(lambda: {"api_key": key}, lambda: os.environ["EASYPOST_API_BASE"])


def trouble(control: str, **wish: object) -> None:
    requests.post(f"{control}/easypost/troubles", json={"count": 1} | wish, timeout=10).raise_for_status()


def charges(control: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = requests.get(f"{control}/easypost/charges", timeout=10).json()["items"]
    return found


def test_a_label_is_bought_once_however_often_it_is_bought(aws: None, control: str) -> None:
    carrier = account()
    prepared = carrier.prepare(WANTED)
    assert carrier.find(WANTED.reference, prepared) is None
    bought = carrier.buy(WANTED, prepared)
    assert (bought.carrier, bought.service, bought.currency) == ("fedex", "FEDEX_GROUND", "USD")
    assert bought.amount == 886  # 7.40 and 0.55 for each of 42.4 ounces' pounds
    assert carrier.buy(WANTED, prepared) == bought
    assert carrier.find(WANTED.reference, prepared) == carrier.find(WANTED.reference, "") == bought
    assert [one["reference"] for one in charges(control)] == ["order-l1"]
    assert carrier.file(bought.ref, bought.tracking_number, "pdf").content.startswith(b"%PDF")
    assert carrier.file(bought.ref, bought.tracking_number, "zpl").content.startswith(b"^XA")
    assert carrier.void(bought.ref, bought.tracking_number) == "submitted"
    assert carrier.void(bought.ref, bought.tracking_number) == "submitted"


def test_a_lost_answer_leaves_one_charge_that_is_found(aws: None, control: str) -> None:
    carrier = account()
    prepared = carrier.prepare(WANTED)
    trouble(control, path=f"/v2/shipments/{prepared}/buy", lost_answer=True)
    with pytest.raises(CannotTell):
        carrier.buy(WANTED, prepared)
    found = carrier.find(WANTED.reference, prepared)
    assert found is not None
    assert carrier.buy(WANTED, prepared) == found
    assert len(charges(control)) == 1


def test_refusals_and_troubles_are_told_apart(aws: None, control: str) -> None:
    carrier = account()
    with pytest.raises(Unavailable):
        account("another").prepare(WANTED)
    with pytest.raises(Unavailable):
        account("").prepare(WANTED)
    prepared = carrier.prepare(WANTED)
    trouble(control, path=f"/v2/shipments/{prepared}/buy", status=500)
    with pytest.raises(CannotTell):
        carrier.buy(WANTED, prepared)
    nowhere = Contact("Ana", "Calle 1", "Nadie", "MX", "00000")
    lost = LabelRequest("order-l2", HERE, nowhere, Box(500), "fedex", "FEDEX_GROUND")
    with pytest.raises(Refused, match="not served"):
        carrier.buy(lost, carrier.prepare(lost))
    assert carrier.find("order-l9", "") is None
    assert charges(control) == []


def test_a_scanned_parcel_is_not_taken_back_and_a_van_comes(aws: None, control: str) -> None:
    carrier = account()
    bought = carrier.buy(WANTED, carrier.prepare(WANTED))
    hours = {"day": "2026-11-24", "ready_from": "10:00", "ready_until": "14:00", "offset": "-06:00"}
    van = carrier.request_pickup(
        PickupRequest("van-1", HERE, "fedex", boxes=(WANTED.box,), labels=(bought.ref,), **hours)
    )
    assert van.confirmation.startswith("WTC")
    assert (van.amount, van.currency) == (450, "USD")
    requests.post(f"{control}/easypost/shipments/{bought.ref}/drive", json={}, timeout=10).raise_for_status()
    with pytest.raises(Refused):
        carrier.void(bought.ref, bought.tracking_number)


@pytest.mark.capability("D13")
def test_rates_label_file_and_void_through_the_handlers(
    call: Call, clean: None, control: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop: LabelWorld = label_world(call, monkeypatch)
    monkeypatch.setitem(wiring.CARRIERS, "easypost", lambda secrets: account())
    secrets.forget()
    order_id = shop.ready()
    rates = shop.does(order_id, "rates", {"parcels": [BOX]})["rates"]
    assert (rates[0]["carrier"], rates[0]["amount"]["currency"]) == ("fedex", "USD")
    wish = {"carrier": rates[0]["carrier"], "service": rates[0]["service"], "parcels": [BOX], "ship": False}
    shop.does(order_id, "buy-label", wish)
    shop.work(order_id)
    (label,) = show(call, order_id)["shipping_labels"]
    assert (label["state"], label["amount"]) == ("bought", rates[0]["amount"])
    assert ask(call, "GET", f"/admin/orders/{order_id}/labels/l1/file").status == 200
    shop.does(order_id, "void-label", {"label_id": "l1"})
    shop.work(order_id)
    assert shop.states(order_id) == ["voided"]
    assert len(charges(control)) == 1
