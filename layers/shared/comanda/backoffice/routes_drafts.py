"""/admin/drafts and what turns a draft into an order, or into nothing."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.event_handler import Response

from comanda.backoffice.bodies import NothingBody, QuoteBody
from comanda.backoffice.bodies_drafts import DraftBody, PlaceBody
from comanda.backoffice.office import Office
from comanda.backoffice.routes import StaffRoutes
from comanda.backoffice.routes_commands import Commands
from comanda.errors import PriceChanged
from comanda.idempotency.store import Request
from comanda.orders.decision import Decision
from comanda.orders.desk import fresh
from comanda.orders.drafts.place import Counter, placing
from comanda.orders.drafts.quotation import quoting, withdrawing
from comanda.orders.drafts.repeat import OnSale, repeating
from comanda.orders.drafts.write import DraftDesk, changing, discarding, starting
from comanda.orders.wire import totals_problem
from comanda.runtime.http import answers, idempotency_key, if_match

Answer = Response[dict[str, Any]]


def hang_drafts(
    routes: StaffRoutes,
    office: Callable[[], Office],
    drafts: Callable[[], DraftDesk],
    counter: Callable[[], Counter],
    on_sale: Callable[[], OnSale],
    currency: Callable[[], str],
) -> None:
    commands = Commands(routes, office)

    @routes.post(
        "/admin/drafts",
        "orders.write",
        "Begin an order that may be incomplete; it holds no stock until it is placed.",
        answers(201, "The draft; `result.missing` says what it lacks to be placed"),
    )
    def start(body: DraftBody | None = None) -> Answer:
        asked, origin = body or DraftBody(), routes.origin
        key = idempotency_key(routes.event, required=False)
        sent = asked.model_dump(mode="json", exclude_unset=True)
        request = Request.of(f"{origin.actor}#drafts", key, sent) if key else None
        wishes = asked.wishes(currency())
        return office().told(
            office().begin(lambda: starting(wishes, origin, drafts()), origin, request=request), 201
        )

    @routes.patch(
        "/admin/drafts/<order_id>", "orders.write", "Write into a draft; what is not sent stays as it is."
    )
    def change(order_id: str, body: DraftBody) -> Answer:
        return commands.tell(
            commands.run("change-draft", order_id, body, changing(body.wishes(currency()), drafts()))
        )

    @commands.hang("place", "Place a draft: prices, stock and terms as at the checkout.")
    def place(order_id: str, body: PlaceBody | None = None) -> Answer:
        wanted = (body or PlaceBody()).placing()
        try:
            decide = placing(wanted, routes.origin, counter())
            return commands.tell(commands.run("place", order_id, body, decide, keyed=True))
        except PriceChanged as changed:
            raise totals_problem(changed, currency()) from changed

    @commands.hang("quote", "Mail the draft as a quotation whose prices hold until then.")
    def offer(order_id: str, body: QuoteBody) -> Answer:
        decide = quoting(body.expires_at, routes.origin, counter())
        return commands.tell(commands.run("quote", order_id, body, decide))

    @commands.hang("repeat", "A draft of the same order at today's prices; what cannot be had is named.")
    def repeat(order_id: str, body: NothingBody | None = None) -> Answer:
        origin, seen = routes.origin, if_match(routes.event)
        key = idempotency_key(routes.event, required=False)
        request = Request.of(f"{origin.actor}#repeat#{order_id}", key, {}) if key else None

        def decide() -> Decision:
            loaded = office().desk.load(order_id)
            fresh(loaded.order, seen)
            return repeating(loaded, origin, drafts(), on_sale())

        return commands.tell(office().begin(decide, origin, request=request))

    hang_ends(commands)


def hang_ends(commands: Commands) -> None:
    """What takes a draft or an offer back."""

    @commands.hang(
        "withdraw-quote", "Take a quotation back: it is a draft again, and its link stops working."
    )
    def withdraw(order_id: str, body: NothingBody | None = None) -> Answer:
        return commands.tell(commands.run("withdraw-quote", order_id, body, withdrawing))

    @commands.hang("discard", "Give a draft up.")
    def discard(order_id: str, body: NothingBody | None = None) -> Answer:
        return commands.tell(commands.run("discard", order_id, body, discarding))
