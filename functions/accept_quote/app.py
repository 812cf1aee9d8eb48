"""/quotes/accept — a quotation's page on GET; POST accepts it, with the customer's purchase order."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from comanda import wiring
from comanda.orders.drafts.accept import accept_quotation
from comanda.orders.wire import AcceptBody
from comanda.runtime.http import answer, http_function, origin_of, page, replayed
from comanda.runtime.requests import source_address, wants_html
from comanda.storefront.checkout import answer_of

app, lambda_handler = http_function(lambda event, problem: page(wiring.visits().problem(event, problem)))


@app.get("/quotes/accept", description="The quotation behind the mailed link; looking at it changes nothing.")
def get(token: Annotated[str, Query(min_length=1, max_length=200)]) -> Response[Any]:
    return page(wiring.visits().quote(token))


@app.post("/quotes/accept", description="Accept a quotation: it is placed at the prices it promised.")
def post(body: AcceptBody) -> Response[Any]:
    event = app.current_event.raw_event
    wiring.rate_limited("quote", source_address(event), "", wiring.now())
    done = accept_quotation(
        body.token,
        body.purchase_order or "",
        desk=wiring.desk(),
        at=wiring.draft_counter(),
        origin=origin_of(event, "customer", wiring.now()),
        once=wiring.once(event, "accept-quote", body.model_dump()),
    )
    order = done.order
    if wants_html(event):
        return page(wiring.visits().accepted(order.order_id))
    return answer(answer_of(order, wiring.checkout()), headers=replayed(not done.changed))
