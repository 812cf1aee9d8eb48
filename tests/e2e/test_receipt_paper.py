"""The receipt of a payment on the running system: its mail has the paper as a PDF."""

import urllib.request

import pytest

from tests.e2e.shop import Shop

pytestmark = pytest.mark.e2e


@pytest.mark.capability("D08", "D31", "D32")
def test_the_mail_of_a_payment_brings_the_receipt(shop: Shop) -> None:
    order = shop.paid()
    mail = shop.mailbox.wait("payment_received", order.id)
    (file,) = mail["attachments"]
    number = shop.staff.order(order.id)["number"]
    assert number in file["name"]
    assert file["type"] == "application/pdf"
    with urllib.request.urlopen(file["url"], timeout=10) as answer:
        content = answer.read()
    assert len(content) == file["size"]
    assert content.startswith(b"%PDF-")
