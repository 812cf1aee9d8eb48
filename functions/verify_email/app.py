"""/verify-email — a page on GET; POST turns a mailed link into a verified address."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from comanda import wiring
from comanda.ids import new_id
from comanda.orders.verify import verify_email
from comanda.orders.wire import TokenBody
from comanda.runtime.http import answer, http_function, origin_of

app, lambda_handler = http_function()


@app.post("/verify-email", description="Confirm the e-mail address; the answer signs the customer in.")
def post(body: TokenBody) -> Response[dict[str, Any]]:
    verified = verify_email(
        body.token,
        links=wiring.links(),
        desk=wiring.desk(),
        customers=wiring.customers(),
        origin=origin_of(app.current_event.raw_event, "customer", wiring.now()),
        new_id=new_id,
    )
    token = wiring.keys().customer(verified.customer.customer_id, verified.customer.token_version)
    return answer(
        {"email": verified.email, "order_id": verified.done.order.order_id, "customer_token": token}
    )
