"""POST /admin/orders/{order_id}/{command}: what staff do with an order."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.event_handler import Response

from comanda.backoffice import deciding
from comanda.backoffice.bodies import (
    CancelBody,
    HoldBody,
    LabelBody,
    NothingBody,
    RejectBody,
    ReleaseHoldBody,
    ResendMailBody,
)
from comanda.backoffice.bodies_money import MarkPaidBody, RefundBody
from comanda.backoffice.office import Office
from comanda.backoffice.routes import Hang, StaffRoutes
from comanda.backoffice.run_command import Commanded
from comanda.idempotency.store import Request
from comanda.orders.approve import approving
from comanda.orders.desk import Decide
from comanda.orders.hold import releasing_hold, retrying
from comanda.orders.resend import resending
from comanda.orders.verify import vouching
from comanda.orders.wire import Body
from comanda.payments.grant_refund import executing, withdrawing
from comanda.runtime.http import idempotency_key, if_match

Answer = Response[dict[str, Any]]


class Commands:
    """Runs commands for the routes: version seen, key, who asks."""

    def __init__(self, routes: StaffRoutes, office: Callable[[], Office]) -> None:
        self.routes = routes
        self.office = office

    def hang(self, command: str, description: str) -> Hang:
        return self.routes.post(f"/admin/orders/<order_id>/{command}", "orders.write", description)

    def run(
        self, command: str, order_id: str, body: Body | None, decide: Decide, *, keyed: bool = False
    ) -> Commanded:
        """`keyed` commands move money or stock, and must carry an Idempotency-Key."""
        event, origin = self.routes.event, self.routes.origin
        version, key = if_match(event), idempotency_key(event, required=keyed)
        scope = f"{origin.actor}#{command}#{order_id}"
        asked = body.model_dump(mode="json") if body else {}
        request = Request.of(scope, key, asked) if key else None
        return self.office().command(order_id, decide, origin, version=version, request=request)

    def by(self) -> deciding.By:
        return deciding.By(self.routes.origin, self.office().new_id)

    def tell(self, done: Commanded) -> Answer:
        return self.office().told(done)


def hang_commands(routes: StaffRoutes, office: Callable[[], Office]) -> None:
    """Every command on an order."""
    commands = Commands(routes, office)
    hang_deciding(commands)
    hang_moving(commands)
    hang_refunds(commands)
    hang_watching(commands)


def hang_deciding(commands: Commands) -> None:
    """Whether the order is carried out at all."""

    @commands.hang("approve", "Accept the order.")
    def approve(order_id: str, body: NothingBody | None = None) -> Answer:
        return commands.tell(commands.run("approve", order_id, body, approving))

    @commands.hang("reject", "Refuse the order: stock goes back, money is voided or refunded.")
    def reject(order_id: str, body: RejectBody) -> Answer:
        decide = deciding.reject(body, commands.by())
        return commands.tell(commands.run("reject", order_id, body, decide, keyed=True))

    @commands.hang("cancel", "Cancel an order that was not shipped.")
    def cancel(order_id: str, body: CancelBody) -> Answer:
        decide = deciding.cancel(body, commands.by())
        return commands.tell(commands.run("cancel", order_id, body, decide, keyed=True))


def hang_moving(commands: Commands) -> None:
    """Money that came in."""

    @commands.hang("mark-paid", "Confirm money that no provider reports: a transfer, a cheque, cash.")
    def mark_paid(order_id: str, body: MarkPaidBody) -> Answer:
        decide = deciding.mark_paid(body, commands.by())
        return commands.tell(commands.run("mark-paid", order_id, body, decide, keyed=True))


def hang_refunds(commands: Commands) -> None:
    """Money that goes back."""
    routes = commands.routes

    @commands.hang("refund", "Grant a refund by lines, by amount or of all, and carry it out if wanted.")
    def refund(order_id: str, body: RefundBody) -> Answer:
        decide = deciding.refund(body, commands.by())
        return commands.tell(commands.run("refund", order_id, body, decide, keyed=True))

    @commands.hang("refunds/<refund_id>/execute", "Carry out a granted refund, or what failed of it.")
    def execute(order_id: str, refund_id: str, body: NothingBody | None = None) -> Answer:
        decide = executing(refund_id, routes.origin.at)
        return commands.tell(commands.run(f"execute-{refund_id}", order_id, body, decide, keyed=True))

    @commands.hang("refunds/<refund_id>/withdraw", "Take back a granted refund whose money has not moved.")
    def withdraw(order_id: str, refund_id: str, body: NothingBody | None = None) -> Answer:
        decide = withdrawing(refund_id, routes.origin.at)
        return commands.tell(commands.run(f"withdraw-{refund_id}", order_id, body, decide, keyed=True))


def hang_watching(commands: Commands) -> None:
    """Labels, holds, retries, and vouching for a customer."""

    @commands.hang("label", "Give the order another label: runs the command that leads to it.")
    def label(order_id: str, body: LabelBody) -> Answer:
        return commands.tell(commands.run("label", order_id, body, deciding.label(body, commands.by())))

    @commands.hang("hold", "Keep the order from being shipped.")
    def hold(order_id: str, body: HoldBody) -> Answer:
        return commands.tell(commands.run("hold", order_id, body, deciding.hold(body, commands.by())))

    @commands.hang("release-hold", "Close one hold.")
    def release_hold(order_id: str, body: ReleaseHoldBody) -> Answer:
        return commands.tell(commands.run("release-hold", order_id, body, releasing_hold(body.hold_id)))

    @commands.hang("retry", "Do what failed once more: a step, a payment, a mail in doubt.")
    def retry(order_id: str, body: NothingBody | None = None) -> Answer:
        return commands.tell(commands.run("retry", order_id, body, retrying))

    @commands.hang("resend-mail", "Send a mail of the order once more.")
    def resend_mail(order_id: str, body: ResendMailBody) -> Answer:
        decide = resending(body.mail)
        return commands.tell(commands.run("resend-mail", order_id, body, decide, keyed=True))

    @commands.hang("verify", "Vouch for the customer, who was reached by telephone.")
    def verify(order_id: str, body: NothingBody | None = None) -> Answer:
        return commands.tell(commands.run("verify", order_id, body, vouching))
