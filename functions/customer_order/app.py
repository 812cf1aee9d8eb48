"""/orders/{order_id} — the customer's view, a fresh verification mail, another way to pay, the CSV;
/customer — what a signed-in customer sees of themselves and their orders."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from comanda import wiring
from comanda.orders.wire import PaymentBody, ResendBody
from comanda.runtime.http import answer, answers, download, http_function, idempotency_key, page, see_other
from comanda.runtime.requests import source_address, wants_html

PRIVATE = {"Cache-Control": "no-store"}

app, lambda_handler = http_function(lambda event, problem: page(wiring.visits().problem(event, problem)))


@app.get("/orders/<order_id>", description="The order as its customer sees it; a page for a browser.")
def get(order_id: str) -> Response[Any]:
    event, desk = app.current_event.raw_event, wiring.customer_desk()
    if wants_html(event):
        return page(wiring.visits().order(event, desk.load(event, order_id), desk.facts(order_id)))
    return answer(desk.view(event, order_id))


@app.post(
    "/orders/<order_id>/resend-verification",
    description="Send the verification mail again, to a corrected address if one is given.",
    responses=answers(202, "The mail is on its way"),
)
def resend(order_id: str, body: ResendBody) -> Response[Any]:
    event, desk = app.current_event.raw_event, wiring.customer_desk()
    sent = desk.resend(event, order_id, body.email or "")
    if wants_html(event):
        return page(wiring.visits().resent(desk.load(event, order_id)))
    return answer(sent, 202)


@app.post(
    "/orders/<order_id>/payments",
    description="Pay again after a decline, or by another method.",
    responses=answers(201, "How to pay"),
)
def pay(order_id: str, body: PaymentBody) -> Response[Any]:
    event = app.current_event.raw_event
    started = wiring.customer_desk().pay(event, order_id, body.payment_method)
    return see_other(f"../{order_id}") if wants_html(event) else answer(started, 201)


@app.post(
    "/orders/<order_id>/repeat",
    description="A cart of the same at today's prices; `repeat` names what cannot be had alike.",
    responses=answers(201, "The cart"),
)
def repeat(order_id: str) -> Response[dict[str, Any]]:
    event = app.current_event.raw_event
    loaded = wiring.customer_desk().load(event, order_id)
    wiring.rate_limited("cart", source_address(event), "", wiring.now())
    key = idempotency_key(event, required=False)
    started = wiring.repeated(loaded, key)
    return answer(started.body, 201, {"Idempotent-Replay": "true"} if started.replayed else {})


@app.get("/orders/<order_id>/export.csv", description="The order as CSV, by the link in the merchant's mail.")
def csv(order_id: str, token: Annotated[str, Query()] = "") -> Response[Any]:
    file = wiring.customer_desk().csv(order_id, token)
    return download(file.name, file.content)


@app.get("/customer", description="Who is signed in: what fills in the next checkout, with all addresses.")
def customer() -> Response[Any]:
    return answer(wiring.known_customer().profile(app.current_event.raw_event), headers=PRIVATE)


@app.get("/customer/orders", description="The signed-in customer's orders, newest first.")
def customer_orders(
    limit: Annotated[int, Query(ge=1, le=100)] = 20, cursor: Annotated[str, Query(max_length=200)] = ""
) -> Response[Any]:
    event = app.current_event.raw_event
    return answer(wiring.known_customer().history(event, limit, cursor), headers=PRIVATE)
