"""/admin/customers/{id}/credit and /admin/gift-cards: money that the shop owes."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from pydantic import Field, StringConstraints

from comanda.backoffice.bodies import Reason
from comanda.backoffice.bodies_money import minor
from comanda.backoffice.routes import StaffRoutes
from comanda.customers.credit import Asked, Done, Till
from comanda.errors import Invalid
from comanda.idempotency.store import Request
from comanda.orders.wire import Body, MoneyBody
from comanda.runtime.http import answer, answers, idempotency_key

MOST = 10**12


class Signed(Body):
    """Money to give, or with a minus to take."""

    amount: Annotated[int, Field(strict=True, ge=-MOST, le=MOST)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class CreditBody(Body):
    amount: Signed
    reason: Reason


class CardBody(Body):
    amount: MoneyBody
    reason: Reason


def hang_credit(routes: StaffRoutes, till: Callable[[], Till], currency: Callable[[], str]) -> None:
    def request(route: str, body: Body) -> Request:
        key = idempotency_key(routes.event)
        return Request.of(f"{routes.origin.actor}#{route}", key, body.model_dump(mode="json"))

    @routes.get("/admin/customers/<customer_id>/credit", "credit.read", "Store credit with every entry.")
    def credit(customer_id: str) -> Response[dict[str, Any]]:
        return answer(till().credit(customer_id, currency()))

    @routes.post(
        "/admin/customers/<customer_id>/credit", "credit.write", "Give or take store credit, for a reason."
    )
    def adjust(customer_id: str, body: CreditBody) -> Response[dict[str, Any]]:
        origin, asked, shop = routes.origin, request(f"credit#{customer_id}", body), currency()
        wanted = Asked(_minor(body.amount, shop), shop, body.reason, origin.actor, origin.at)
        return _told(till().adjust(customer_id, wanted, asked))

    @routes.post(
        "/admin/gift-cards",
        "credit.write",
        "A new gift card; its code is told once.",
        answers(201, "The gift card with its code"),
    )
    def issue(body: CardBody) -> Response[dict[str, Any]]:
        origin, asked, shop = routes.origin, request("gift-cards", body), currency()
        wanted = Asked(minor(body.amount, shop, "/amount"), shop, body.reason, origin.actor, origin.at)
        return _told(till().issue(wanted, asked), status=201)

    @routes.get("/admin/gift-cards/<card_id>", "credit.read", "A gift card with every entry.")
    def card(card_id: str) -> Response[dict[str, Any]]:
        return answer(till().card(card_id, currency()))

    @routes.post("/admin/gift-cards/<card_id>/disable", "credit.write", "Let a gift card be used no more.")
    def disable(card_id: str) -> Response[dict[str, Any]]:
        return answer(till().switch(card_id, currency(), usable=False))

    @routes.post("/admin/gift-cards/<card_id>/enable", "credit.write", "Let a gift card be used again.")
    def enable(card_id: str) -> Response[dict[str, Any]]:
        return answer(till().switch(card_id, currency(), usable=True))


def _minor(money: Signed, currency: str) -> int:
    if money.currency != currency:
        raise Invalid.at("/amount/currency", f"this shop sells in {currency}")
    if not money.amount:
        raise Invalid.at("/amount/amount", "this changes nothing")
    return money.amount


def _told(done: Done, status: int = 200) -> Response[dict[str, Any]]:
    return answer(done.result, status, headers={"Idempotent-Replay": "true"} if done.replayed else {})
