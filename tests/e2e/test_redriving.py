"""An order whose execution really ended in the middle goes on by staff's word, to its end."""

import pytest

from local.demo.outside import eventually
from tests.e2e.shop import Shop, aws

pytestmark = pytest.mark.e2e
PATH = "/admin/operations/executions/order_lifecycle"


@pytest.mark.capability("G11")
def test_an_order_whose_execution_was_stopped_is_redriven_and_completes(shop: Shop) -> None:
    order = shop.approved(payment_method="request")
    eventually(lambda: shop.execution(order) == "RUNNING", "its execution", order.id)
    arn = str(shop.staff.order(order.id)["execution_arn"])
    name = arn.rpartition(":")[2]
    aws(shop.stack, "stepfunctions").stop_execution(executionArn=arn, error="Test", cause="pulled the plug")
    seen = shop.staff.get(f"{PATH}/{name}")
    assert (seen["state"], seen["order_id"], seen["redrivable"]) == ("ABORTED", order.id, True)
    done = shop.staff.call("POST", f"{PATH}/redrive", {"names": [name]}).body["outcomes"][name]
    assert done in ("redriven", "next_run", "next-run")  # the last: the sweep was faster
    eventually(lambda: shop.execution(order) == "RUNNING", "an execution that goes on", order.id)
    shop.staff.command(order.id, "cancel", {"reason": "customer_request"})
    eventually(lambda: shop.execution(order) == "SUCCEEDED", "its end", order.id)
    assert shop.staff.order(order.id)["lifecycle"] == "cancelled"
