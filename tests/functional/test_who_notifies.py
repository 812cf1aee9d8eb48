"""Who tells the customer of a parcel: us, the carrier, or both, and never twice."""

import pytest

from tests.functional.conftest import Call
from tests.functional.mails import deliver, letters, outbox
from tests.functional.shop import set_section, stock_product
from tests.functional.staff import ask, show
from tests.functional.test_carrier_webhooks import shipped
from tests.functional.test_fedex_webhooks import arrive, report

DELIVERED = report(("7941", (("DL", "10:00"),)))


@pytest.mark.capability("D13")
@pytest.mark.parametrize(("by", "ours"), [("us", 2), ("both", 2), ("carrier", 0)])
def test_our_mails_go_out_by_the_setting_of_the_carrier(call: Call, by: str, ours: int) -> None:
    stock_product()
    set_section("shop", name="Barro y Lana")
    set_section("shipping", notifiers=[{"carrier": "fedex", "by": by}, {"carrier": "dhl", "by": "carrier"}])
    order_id = shipped(call, "7941")
    outbox().clear()
    for _ in range(2):
        arrive(call, DELIVERED)
        assert deliver(order_id, "shipped") == deliver(order_id, "delivered") == []
    assert sorted(str(letter["X-Comanda-Event"]) for letter in letters()) == ["delivered", "shipped"][:ours]
    told = {mail["event"]: mail for mail in show(call, order_id)["conversation"]}
    assert told["shipped"]["state"] == told["delivered"]["state"]


def test_a_carrier_stands_once_among_the_notifiers(call: Call) -> None:
    version = ask(call, "GET", "/admin/settings/shipping", role="admin").headers["etag"]
    body = {"notifiers": [{"carrier": "ups", "by": "us"}, {"carrier": "ups", "by": "both"}]}
    answer = ask(call, "PATCH", "/admin/settings/shipping", body, role="admin", headers={"If-Match": version})
    assert (answer.status, answer.body["type"]) == (422, "invalid")
    assert ask(call, "GET", "/admin/settings/shipping", role="admin").body["notifiers"] == []
