"""Chapter three: the customer pays by card, through the provider's own SDK."""

import stripe

from local.demo.outside import Missed
from local.demo.scene import Scene, pesos


def payer(scene: Scene) -> stripe.StripeClient:
    account = scene.stack["stripe"]
    return stripe.StripeClient(account["api_key"], base_addresses={"api": account["api_url"]})


def pay(scene: Scene) -> None:
    """The order is paid when the provider's signed webhook has been verified and applied."""
    client = payer(scene)
    intent = client.v1.payment_intents.confirm(scene.payment["id"], {"payment_method": "pm_card_visa"})
    scene.expect(intent.status, "succeeded", "the payment intent's status")
    order = scene.wait_for("payment", "paid")
    scene.expect(intent.amount, order["totals"]["total"]["amount"], "the charged amount")
    scene.tell.detail(f"{intent.id}, charge {intent.latest_charge}, {pesos(order['totals']['total'])}")
    scene.expect_mail("payment_received")


def look_into_ledger(scene: Scene) -> None:
    """Staff see the bank's reference of the charge, once, and the units are set aside."""
    order = scene.staff.order(scene.order_id)
    captures = [entry for entry in order["ledger"] if entry["kind"] == "capture"]
    scene.expect(len(captures), 1, "captures in the ledger")
    allocated = {line["sku"]: line["allocated"] for line in order["lines"]}
    if allocated != dict(scene.lines):
        raise Missed(f"units set aside {dict(scene.lines)}", allocated, f"/admin/orders/{scene.order_id}")
