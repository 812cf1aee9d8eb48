"""/accept-edit — the customer's page of a proposed change; POST accepts or declines it."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from comanda import wiring
from comanda.orders.edits.accept_edit import answer_edit
from comanda.orders.wire import EditAnswerBody, totals_answer
from comanda.runtime.http import answer, http_function, origin_of, page, replayed
from comanda.runtime.requests import wants_html

app, lambda_handler = http_function(lambda event, problem: page(wiring.visits().problem(event, problem)))


@app.get("/accept-edit", description="The order as it would be with the proposed change; nothing is changed.")
def get(token: Annotated[str, Query(min_length=1, max_length=200)]) -> Response[Any]:
    return page(wiring.visits().edit(token))


@app.post("/accept-edit", description="Accept or decline a proposed change, by the mailed link.")
def post(body: EditAnswerBody) -> Response[Any]:
    event = app.current_event.raw_event
    done = answer_edit(
        body.token,
        body.decision,
        body.reason,
        desk=wiring.desk(),
        edits=wiring.edits(),
        origin=origin_of(event, "customer", wiring.now()),
        once=wiring.once(event, "accept-edit", body.model_dump()),
    )
    order = done.order
    if wants_html(event):
        return page(wiring.visits().edit_answered(order.order_id, body.decision))
    headers = replayed(not done.changed)
    told = {"order_id": order.order_id, "number": order.number, "decision": body.decision}
    return answer(
        told | {"payment": order.payment, "totals": totals_answer(order)} | done.result, headers=headers
    )
