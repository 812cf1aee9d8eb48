"""/approve-order — the merchant's page from the mail; POST approves or rejects."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from comanda import wiring
from comanda.ids import new_id
from comanda.orders.approve import decide_by_link
from comanda.orders.wire import VerdictBody
from comanda.runtime.http import answer, http_function, origin_of, page, replayed
from comanda.runtime.requests import wants_html

app, lambda_handler = http_function(lambda event, problem: page(wiring.visits().problem(event, problem)))


@app.get("/approve-order", description="The order, for the merchant; looking at it changes nothing.")
def get(token: Annotated[str, Query(min_length=1, max_length=200)]) -> Response[Any]:
    return page(wiring.visits().approve(token))


@app.post("/approve-order", description="Approve or reject an order by the link in the merchant's mail.")
def post(body: VerdictBody) -> Response[Any]:
    event = app.current_event.raw_event
    done = decide_by_link(
        body.token,
        body.decision,
        body.reason,
        links=wiring.links(),
        desk=wiring.desk(),
        origin=origin_of(event, "merchant", wiring.now()),
        new_id=new_id,
        once=wiring.once(event, "approve", body.model_dump()),
    )
    order = done.order
    if wants_html(event):
        return page(wiring.visits().decided(order.order_id, body.decision))
    told = {"order_id": order.order_id, "number": order.number, "lifecycle": order.lifecycle}
    return answer(told, headers=replayed(not done.changed))
