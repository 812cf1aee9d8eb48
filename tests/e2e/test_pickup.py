"""An order that its customer fetches, on the running system: told, shown its code, handed over, complete."""

import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.e2e.shop import Shop
from tests.unit.documents.papers import reader

pytestmark = pytest.mark.e2e


@pytest.mark.capability("D19")
def test_who_shows_the_code_takes_the_order_and_it_is_complete(shop: Shop, tmp_path: Path) -> None:
    order = shop.approved(delivery="pickup", shipping_address=None, payment_method="at_pickup")
    shop.staff.command(order.id, "ready-for-pickup", {"shelf": "B3"})
    shown = shop.wait(order, "fulfilment", "ready_for_pickup")["pickup"]
    mail = shop.mailbox.wait("ready_for_pickup", order.id)
    for text in (mail["text"], mail["html"]):
        assert shown["code"] in text
        assert shown["location"]["place"] in text
    (picture,) = mail["attachments"]
    with urllib.request.urlopen(picture["url"], timeout=10) as answer:
        (tmp_path / "code.png").write_bytes(answer.read())
    command = [reader("zbarimg"), "-q", "--raw", str(tmp_path / "code.png")]
    scanned = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    found = shop.staff.call("POST", "/admin/pickups/find", {"code": scanned}).body
    assert found["order_id"] == order.id
    body = {"code": scanned, "name": "Luis Muñoz", "paid": True}
    done = shop.staff.command(order.id, "hand-over", body)
    assert done["order"]["payment"] == "paid"
    after = shop.wait(order, "lifecycle", "closed")
    assert after["pickup"]["handed_over"][0]["name"] == "Luis Muñoz"
    assert "Luis Muñoz" in shop.mailbox.wait("delivered", order.id)["text"]
