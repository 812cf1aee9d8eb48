"""/verify-email — a page on GET; POST turns a mailed link into a verified address."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from comanda import wiring
from comanda.ids import new_id
from comanda.orders.verify import verify_email
from comanda.orders.wire import TokenBody
from comanda.runtime.http import answer, http_function, origin_of, page, replayed
from comanda.runtime.requests import wants_html

app, lambda_handler = http_function(lambda event, problem: page(wiring.visits().problem(event, problem)))


@app.get("/verify-email", description="The page behind the mailed link; it changes nothing.")
def get(token: Annotated[str, Query(min_length=1, max_length=200)]) -> Response[Any]:
    return page(wiring.visits().verify(token))


@app.post("/verify-email", description="Confirm the e-mail address; the answer signs the customer in.")
def post(body: TokenBody) -> Response[Any]:
    event = app.current_event.raw_event
    verified = verify_email(
        body.token,
        links=wiring.links(),
        desk=wiring.desk(),
        customers=wiring.customers(),
        origin=origin_of(event, "customer", wiring.now()),
        new_id=new_id,
        once=wiring.once(event, "verify", body.model_dump()),
    )
    order_id = verified.order_id
    token = wiring.keys().customer(verified.customer.customer_id, verified.customer.token_version)
    if wants_html(event):
        return page(wiring.visits().verified(order_id, token))
    told = {"email": verified.email, "order_id": order_id, "customer_token": token}
    return answer(told, headers=replayed(verified.replayed))
