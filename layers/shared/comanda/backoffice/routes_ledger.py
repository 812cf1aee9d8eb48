"""POST /admin/orders/{order_id}/…: what staff enter into the ledger besides payments and refunds."""

from collections.abc import Callable

from comanda.backoffice import cheques, deciding
from comanda.backoffice.bodies import NothingBody
from comanda.backoffice.bodies_cheques import (
    BounceChequeBody,
    ClearChequeBody,
    DepositChequeBody,
    UndoChequeBody,
)
from comanda.backoffice.bodies_money import (
    BounceBody,
    CaptureBody,
    CloseDisputeBody,
    DisputeBody,
    FeeBody,
    PaymentMethodBody,
    UndoBounceBody,
)
from comanda.backoffice.office import Office
from comanda.backoffice.routes import StaffRoutes
from comanda.backoffice.routes_commands import Answer, Commands
from comanda.payments.bounce import undoing_bounce
from comanda.payments.cheque import undoing_cheque
from comanda.payments.dispute import closing_dispute
from comanda.payments.fee import withdrawing_fee
from comanda.settings.store import SettingsStore


def hang_ledger(
    routes: StaffRoutes, office: Callable[[], Office], settings: Callable[[], SettingsStore]
) -> None:
    """Every route of the ledger."""
    commands = Commands(routes, office)
    hang_bounces(commands, settings)
    hang_cheques(commands, settings)
    hang_methods(commands, settings)
    hang_captures(commands)
    hang_fees(commands)
    hang_disputes(commands)


def hang_bounces(commands: Commands, settings: Callable[[], SettingsStore]) -> None:
    """Payments that come back."""
    routes = commands.routes

    @commands.hang("bounce", "A payment confirmed by hand came back: a bounced cheque, a returned transfer.")
    def bounce(order_id: str, body: BounceBody) -> Answer:
        decide = deciding.bounce(body, commands.by(), settings())
        return commands.tell(commands.run("bounce", order_id, body, decide, keyed=True))

    @commands.hang("undo-bounce", "A payment that had come back stands after all.")
    def undo_bounce(order_id: str, body: UndoBounceBody | None = None) -> Answer:
        decide = undoing_bounce(body.payment_id if body else "", routes.origin.at)
        return commands.tell(commands.run("undo-bounce", order_id, body, decide, keyed=True))


def hang_methods(commands: Commands, settings: Callable[[], SettingsStore]) -> None:
    """How the order is to be paid."""

    @commands.hang("payment-method", "Another way to pay, or the same once more: open attempts are given up.")
    def move(order_id: str, body: PaymentMethodBody) -> Answer:
        decide = deciding.payment_method(body, commands.by(), settings())
        return commands.tell(commands.run("payment-method", order_id, body, decide, keyed=True))


def hang_captures(commands: Commands) -> None:
    """Money that a bank has set aside."""

    @commands.hang("capture", "Take authorised money now, or a part of it, without waiting for the approval.")
    def capture(order_id: str, body: CaptureBody | None = None) -> Answer:
        decide = deciding.capture(body or CaptureBody(), commands.by())
        return commands.tell(commands.run("capture", order_id, body, decide, keyed=True))


def hang_cheques(commands: Commands, settings: Callable[[], SettingsStore]) -> None:
    """A cheque's way through the bank."""
    routes = commands.routes

    @commands.hang("deposit-cheque", "A cheque was taken to the bank: it counts once it has cleared.")
    def deposit(order_id: str, body: DepositChequeBody) -> Answer:
        decide = cheques.deposit(body, commands.by(), settings())
        return commands.tell(commands.run("deposit-cheque", order_id, body, decide, keyed=True))

    @commands.hang("clear-cheque", "The bank credited a deposited cheque: the order is paid with it.")
    def clear(order_id: str, body: ClearChequeBody | None = None) -> Answer:
        decide = cheques.clear(body or ClearChequeBody(), commands.by(), settings())
        return commands.tell(commands.run("clear-cheque", order_id, body, decide, keyed=True))

    @commands.hang("bounce-cheque", "The bank sent a deposited cheque back: the order waits for its money.")
    def bounce(order_id: str, body: BounceChequeBody) -> Answer:
        decide = cheques.bounce(body, commands.by(), settings())
        return commands.tell(commands.run("bounce-cheque", order_id, body, decide, keyed=True))

    @commands.hang("undo-cheque", "The last entry about a cheque that has not cleared was a mistake.")
    def undo(order_id: str, body: UndoChequeBody | None = None) -> Answer:
        decide = undoing_cheque(body.cheque_id if body else "", routes.origin.at)
        return commands.tell(commands.run("undo-cheque", order_id, body, decide, keyed=True))


def hang_fees(commands: Commands) -> None:
    """What banks and providers keep."""
    routes = commands.routes

    @commands.hang("fees", "Enter a fee, noted only or charged to the customer.")
    def fee(order_id: str, body: FeeBody) -> Answer:
        decide = deciding.fee(body, commands.by())
        return commands.tell(commands.run("fees", order_id, body, decide, keyed=True))

    @commands.hang("fees/<fee_id>/withdraw", "Take a fee off the books, and off what the customer owes.")
    def withdraw(order_id: str, fee_id: str, body: NothingBody | None = None) -> Answer:
        decide = withdrawing_fee(fee_id, routes.origin.at)
        return commands.tell(commands.run(f"withdraw-fee-{fee_id}", order_id, body, decide, keyed=True))


def hang_disputes(commands: Commands) -> None:
    """Chargebacks that no provider reports."""
    routes = commands.routes

    @commands.hang("disputes", "Enter a dispute of a payment: the order is held, its money set aside.")
    def dispute(order_id: str, body: DisputeBody) -> Answer:
        decide = deciding.dispute(body, commands.by())
        return commands.tell(commands.run("disputes", order_id, body, decide, keyed=True))

    @commands.hang("disputes/<dispute_id>/close", "How a dispute ended: won, or lost with its money.")
    def close(order_id: str, dispute_id: str, body: CloseDisputeBody) -> Answer:
        decide = closing_dispute(dispute_id, body.outcome, routes.origin.at)
        return commands.tell(commands.run(f"close-dispute-{dispute_id}", order_id, body, decide, keyed=True))
