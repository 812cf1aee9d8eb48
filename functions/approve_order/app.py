"""/approve-order — the merchant's page from the mail; POST approves or rejects."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from comanda import wiring
from comanda.ids import new_id
from comanda.orders.approve import decide_by_link
from comanda.orders.wire import VerdictBody
from comanda.runtime.http import answer, http_function, origin_of

app, lambda_handler = http_function()


@app.post("/approve-order", description="Approve or reject an order by the link in the merchant's mail.")
def post(body: VerdictBody) -> Response[dict[str, Any]]:
    done = decide_by_link(
        body.token,
        body.decision,
        body.reason,
        links=wiring.links(),
        desk=wiring.desk(),
        origin=origin_of(app.current_event.raw_event, "merchant", wiring.now()),
        new_id=new_id,
    )
    order = done.order
    return answer({"order_id": order.order_id, "number": order.number, "lifecycle": order.lifecycle})
