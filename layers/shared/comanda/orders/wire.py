"""What the outside sends and gets: the shapes of the contract."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints, model_validator

from comanda.errors import PriceChanged
from comanda.orders.consignments import consignment_of, nth
from comanda.orders.derive import fulfilment_told
from comanda.orders.model import Line, Order, Shipment, Totals
from comanda.orders.vocabulary import Method

Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Named = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Sku = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
GiftCode = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Quantity = Annotated[int, Field(ge=1, le=100_000, strict=True)]


# Every control character but tab and line feed, and the marks that turn the reading direction.
UNSEEN = dict.fromkeys(
    [*range(9), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


def _cleaned(value: Any) -> Any:
    """A text without unseen characters; of a mapping, its values."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").translate(UNSEEN)
    return {name: _cleaned(inner) for name, inner in value.items()} if isinstance(value, dict) else value


class Body(BaseModel):
    """A request body: what is not known is refused, so that a misspelt field is not lost silently."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _legible(cls, values: Any) -> Any:
        """Texts without what nobody can see: control characters, marks that turn the direction."""
        return (
            {name: _cleaned(value) for name, value in values.items()} if isinstance(values, dict) else values
        )


class LineBody(Body):
    sku: Sku
    quantity: Quantity


class ContactBody(Body):
    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)] = ""
    name: Short = ""
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] | None = None
    company: Short | None = None
    tax_id: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] | None = None


class AddressBody(Body):
    line1: Named
    line2: Short | None = None
    city: Named
    state: Short | None = None
    postal_code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]
    country: Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z]{2}$")]


class MoneyBody(Body):
    amount: Annotated[int, Field(ge=0)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class OrderBody(Body):
    """`POST /orders`: either a cart or lines."""

    cart_id: Annotated[str, StringConstraints(min_length=1, max_length=80)] | None = None
    lines: Annotated[list[LineBody], Field(max_length=200)] | None = None
    customer: ContactBody | None = None
    shipping_address: AddressBody | None = None
    billing_address: AddressBody | None = None
    delivery: Named
    delivery_slot: Short | None = None
    delivery_quote: Annotated[str, StringConstraints(min_length=1, max_length=2000)] | None = None
    payment_method: Method
    fields: dict[Short, Annotated[str, StringConstraints(max_length=2000)] | bool | int | None] = {}
    comment: Annotated[str, StringConstraints(max_length=4000)] | None = None
    purchase_order: Short | None = None
    discount_code: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] | None = None
    expected_total: MoneyBody | None = None
    store_credit: StrictBool | MoneyBody | None = None  # true: as much as there is
    gift_cards: Annotated[list[GiftCode], Field(max_length=5)] | None = None
    accept_privacy: StrictBool = False
    locale: Literal["es", "en"] = "es"


class ResendBody(Body):
    """`POST /orders/{id}/resend-verification`: the corrected address, if the first one was wrong."""

    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)] | None = None


class PaymentBody(Body):
    """`POST /orders/{id}/payments`"""

    payment_method: Method


class TokenBody(Body):
    """`POST /verify-email`"""

    token: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class AcceptBody(TokenBody):
    """`POST /quotes/accept`"""

    purchase_order: Short | None = None


class VerdictBody(TokenBody):
    """`POST /approve-order`"""

    decision: Literal["approve", "reject"]
    reason: Annotated[str, StringConstraints(max_length=2000)] = ""


class EditAnswerBody(TokenBody):
    """`POST /accept-edit`"""

    decision: Literal["accept", "decline"]
    reason: Annotated[str, StringConstraints(max_length=2000)] = ""


def money(amount: int, currency: str) -> dict[str, Any]:
    return {"amount": amount, "currency": currency}


def totals_answer(order: Order) -> dict[str, Any]:
    return sums_answer(order.totals, order.currency)


def sums_answer(sums: Totals, currency: str) -> dict[str, Any]:
    names = ("subtotal", "discount", "surcharge", "shipping", "tax", "total")
    answer: dict[str, Any] = {name: money(getattr(sums, name), currency) for name in names}
    return answer | {"tax_included": sums.tax_included}


def totals_problem(changed: PriceChanged, currency: str) -> PriceChanged:
    """The problem as the outside is told it: with the totals of now."""
    return PriceChanged(changed.detail, totals=sums_answer(changed.extra["totals"], currency))


def line_answer(line: Line, currency: str) -> dict[str, Any]:
    ours = ("quantity", "reserved", "allocated", "backordered", "picked", "packed")
    counts = (*ours, "shipped", "delivered", "cancelled", "returned")
    return {
        "line_id": line.line_id,
        "sku": line.sku,
        "name": line.name,
        "unit_price": money(line.unit_price, currency),
        "total": money(line.total, currency),
        "promised_at": line.promised_at or None,
        "components": [{"sku": part.sku, "quantity": part.quantity} for part in line.components],
    } | {name: getattr(line, name) for name in counts}


def shipment_answer(shipment: Shipment, order: Order) -> dict[str, Any]:
    """A parcel; `parcel` says which of how many of its consignment it is, with what is known of it."""
    number, of = nth(order, shipment)
    measured = ("weight_grams", "length_mm", "width_mm", "height_mm")
    known = {name: getattr(shipment, name) or None for name in measured}
    return {
        "shipment_id": shipment.shipment_id,
        "carrier": shipment.carrier,
        "tracking_number": shipment.tracking_number,
        "tracking_url": shipment.tracking_url or None,
        "status": shipment.status,
        "expected_at": shipment.expected_at or None,
        "lines": [line.to_dict() for line in shipment.lines],
        "consignment": consignment_of(shipment),
        "parcel": {"number": number, "of": of, **known},
    }


def placed_answer(order: Order, token: str, tracking_url: str) -> dict[str, Any]:
    """The answer to `POST /orders`, without the payment action."""
    return {
        "order_id": order.order_id,
        "number": order.number,
        "access_token": token,
        "lifecycle": order.lifecycle,
        "payment": order.payment,
        "fulfilment": fulfilment_told(order),
        "totals": totals_answer(order),
        "tracking_url": tracking_url,
    }
