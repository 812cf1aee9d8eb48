"""/admin/drafts and what turns a draft into an order, or into nothing."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from pydantic import Field, StrictBool, StringConstraints

from comanda.backoffice.bodies import NothingBody, QuoteBody, minor
from comanda.backoffice.office import Office
from comanda.backoffice.routes import StaffRoutes
from comanda.backoffice.routes_commands import Commands
from comanda.errors import Invalid, PriceChanged
from comanda.idempotency.store import Request
from comanda.orders.decision import Decision
from comanda.orders.desk import fresh
from comanda.orders.drafts.content import Wishes
from comanda.orders.drafts.place import Counter, Placing, placing
from comanda.orders.drafts.quotation import quoting, withdrawing
from comanda.orders.drafts.repeat import OnSale, repeating
from comanda.orders.drafts.write import DraftDesk, changing, discarding, starting
from comanda.orders.model import ALL_CREDIT, DraftLine
from comanda.orders.vocabulary import Method
from comanda.orders.wire import Body, ContactBody, GiftCode, MoneyBody, Quantity, Short, Sku, totals_problem
from comanda.runtime.http import answers, idempotency_key, if_match

Answer = Response[dict[str, Any]]
Postal = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20)]
Country = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^([A-Za-z]{2})?$")]
MOST_LINES = 80


class DraftLineBody(Body):
    """Without a price: that of the day on which the draft is placed."""

    sku: Sku
    quantity: Quantity
    unit_price: MoneyBody | None = None


class DraftAddressBody(Body):
    """An address as far as it is known."""

    line1: Short | None = None
    line2: Short | None = None
    city: Short | None = None
    state: Short | None = None
    postal_code: Postal | None = None
    country: Country | None = None


class DraftBody(Body):
    """A draft as far as it is known. Null clears a field, what is not sent stays as it is."""

    lines: Annotated[list[DraftLineBody], Field(max_length=MOST_LINES)] | None = None
    customer: ContactBody | None = None
    shipping_address: DraftAddressBody | None = None
    billing_address: DraftAddressBody | None = None
    delivery: Short | None = None
    delivery_slot: Short | None = None
    payment_method: Method | None = None
    fields: dict[Short, Annotated[str, StringConstraints(max_length=2000)] | bool | int | None] | None = None
    comment: Annotated[str, StringConstraints(max_length=4000)] | None = None
    purchase_order: Short | None = None
    discount_code: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] | None = None
    store_credit: StrictBool | MoneyBody | None = None  # beside the method; true: as much as there is
    locale: Literal["es", "en"] | None = None

    def wishes(self, currency: str) -> Wishes:
        """Raises Invalid for a price in another currency than the shop's."""
        sent = self.model_fields_set
        lines = tuple(_line(index, line, currency) for index, line in enumerate(self.lines or []))
        texts = {name: value for field, name, value in self._texts() if field in sent}
        return Wishes(
            lines=lines if "lines" in sent else None,
            method=(self.payment_method or "") if "payment_method" in sent else None,
            delivery=(self.delivery or "") if "delivery" in sent else None,
            delivery_slot=(self.delivery_slot or "") if "delivery_slot" in sent else None,
            discount_code=(self.discount_code or "") if "discount_code" in sent else None,
            credit=self._credit(currency) if "store_credit" in sent else None,
            locale=self.locale,
            texts=texts,
        )

    def _credit(self, currency: str) -> int:
        if isinstance(self.store_credit, MoneyBody):
            return minor(self.store_credit, currency, "/store_credit")
        return ALL_CREDIT if self.store_credit else 0

    def _texts(self) -> list[tuple[str, str, Any]]:
        """Field of the body, name of the personal text, value."""
        fields = {name: value for name, value in (self.fields or {}).items() if value is not None}
        return [
            ("customer", "contact", _plain(self.customer)),
            ("shipping_address", "shipping", _plain(self.shipping_address)),
            ("billing_address", "billing", _plain(self.billing_address)),
            ("fields", "fields", fields),
            ("comment", "comment", self.comment or ""),
            ("purchase_order", "purchase_order", self.purchase_order or ""),
        ]


class PlaceBody(Body):
    """`verified`: the customer is known or was reached by telephone, so no mail has to be confirmed."""

    verified: bool = False
    accept_privacy: bool = False
    expected_total: MoneyBody | None = None
    gift_cards: Annotated[list[GiftCode], Field(max_length=5)] = []

    def placing(self) -> Placing:
        total = self.expected_total
        return Placing(
            self.verified,
            self.accept_privacy,
            total.amount if total else None,
            total.currency if total else "",
            tuple(self.gift_cards),
        )


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


def _line(index: int, line: DraftLineBody, currency: str) -> DraftLine:
    price = line.unit_price
    if price and price.currency != currency:
        raise Invalid.at(f"/lines/{index}/unit_price/currency", f"the shop sells in {currency}")
    return DraftLine(line.sku, line.quantity, price.amount if price else None)


def _plain(body: Body | None) -> dict[str, Any]:
    """What was filled in."""
    values = body.model_dump(exclude_none=True) if body else {}
    return {name: value for name, value in values.items() if value}
