"""/orders/{order_id} — the customer's view, a fresh verification mail, another way to pay, the CSV."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from comanda import wiring
from comanda.orders.wire import PaymentBody, ResendBody
from comanda.runtime.http import answer, answers, download, http_function
from comanda.storefront.customer import CustomerDesk

app, lambda_handler = http_function()


def _desk() -> CustomerDesk:
    return wiring.customer_desk()


@app.get("/orders/<order_id>", description="The order as its customer sees it; a page for a browser.")
def get(order_id: str) -> Response[dict[str, Any]]:
    return answer(_desk().view(app.current_event.raw_event, order_id))


@app.post(
    "/orders/<order_id>/resend-verification",
    description="Send the verification mail again.",
    responses=answers(202, "The mail is on its way"),
)
def resend(order_id: str, body: ResendBody) -> Response[dict[str, Any]]:
    return answer(_desk().resend(app.current_event.raw_event, order_id, body.email or ""), 202)


@app.post(
    "/orders/<order_id>/payments",
    description="Pay again after a decline, or by another method.",
    responses=answers(201, "How to pay"),
)
def pay(order_id: str, body: PaymentBody) -> Response[dict[str, Any]]:
    return answer(_desk().pay(app.current_event.raw_event, order_id, body.payment_method), 201)


@app.get("/orders/<order_id>/export.csv", description="The order as CSV, by the link in the merchant's mail.")
def csv(order_id: str, token: Annotated[str, Query()] = "") -> Response[Any]:
    file = _desk().csv(order_id, token)
    return download(file.name, file.content)
