"""What is done with one refund, dispute or fee of an order."""

from typing import Any

from comanda.backoffice.bodies_money import CloseDisputeBody
from comanda.orders.desk import Decide
from comanda.payments.dispute import closing_dispute
from comanda.payments.fee import withdrawing_fee
from comanda.payments.grant_refund import executing, withdrawing
from comanda.screens.house.answers import Answer, Goto
from comanda.screens.house.asked import Asked
from comanda.screens.house.routing import House
from comanda.screens.orders.desk import OrderDesk
from comanda.screens.orders.page import address_of
from comanda.screens.orders.reading import body_of
from comanda.screens.orders.run import run


def hang_parts(house: House, desk: OrderDesk) -> None:
    def done(asked: Asked, order_id: str, scope: str, decide: Decide, body: dict[str, Any]) -> str:
        return run(desk.office(), asked, scope, order_id, decide, body).order.number

    @house.post("/orders/<order_id>/refunds/<refund_id>/execute", "orders.write")
    def execute(asked: Asked, order_id: str, refund_id: str) -> Answer:
        decide = executing(refund_id, asked.origin.at)
        number = done(asked, order_id, f"execute-{refund_id}", decide, {})
        return Goto(
            address_of(order_id), asked.tongue.say("The refund of %(number)s goes back.", number=number)
        )

    @house.post("/orders/<order_id>/refunds/<refund_id>/withdraw", "orders.write")
    def withdraw(asked: Asked, order_id: str, refund_id: str) -> Answer:
        decide = withdrawing(refund_id, asked.origin.at)
        number = done(asked, order_id, f"withdraw-{refund_id}", decide, {})
        told = asked.tongue.say("The refund of %(number)s is withdrawn.", number=number)
        return Goto(address_of(order_id), told)

    @house.post("/orders/<order_id>/disputes/<dispute_id>/close", "orders.write")
    def close(asked: Asked, order_id: str, dispute_id: str) -> Answer:
        body = body_of(CloseDisputeBody, {"outcome": asked.field("outcome")})
        decide = closing_dispute(dispute_id, body.outcome, asked.origin.at)
        number = done(asked, order_id, f"close-dispute-{dispute_id}", decide, body.model_dump(mode="json"))
        told = asked.tongue.say("The dispute of %(number)s is closed.", number=number)
        return Goto(address_of(order_id), told)

    @house.post("/orders/<order_id>/fees/<fee_id>/withdraw", "orders.write")
    def withdraw_fee(asked: Asked, order_id: str, fee_id: str) -> Answer:
        decide = withdrawing_fee(fee_id, asked.origin.at)
        number = done(asked, order_id, f"withdraw-fee-{fee_id}", decide, {})
        told = asked.tongue.say("The fee of %(number)s is off the books.", number=number)
        return Goto(address_of(order_id), told)
