"""What staff send of a draft: as much of an order as is known."""

from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool, StringConstraints

from comanda.backoffice.bodies_edits import AmountBody
from comanda.backoffice.bodies_money import minor
from comanda.errors import Invalid
from comanda.orders.drafts.content import Wishes
from comanda.orders.drafts.place import Placing
from comanda.orders.model import ALL_CREDIT, DraftCharge, DraftLine
from comanda.orders.vocabulary import Method
from comanda.orders.wire import Body, ContactBody, GiftCode, MoneyBody, Named, Quantity, Short, Sku

Postal = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20)]
Country = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^([A-Za-z]{2})?$")]
MOST_LINES, MOST_CHARGES = 80, 10


class DraftLineBody(Body):
    """Without a price: that of the day on which the draft is placed."""

    sku: Sku
    quantity: Quantity
    unit_price: MoneyBody | None = None


class DraftChargeBody(Body):
    """A discount on the goods, or something that costs extra; the customer reads its title."""

    type: Literal["discount", "surcharge"]
    amount: AmountBody
    title: Named


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
    charges: Annotated[list[DraftChargeBody], Field(max_length=MOST_CHARGES)] | None = None
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
            charges=self._charges(currency) if "charges" in sent else None,
            locale=self.locale,
            texts=texts,
        )

    def _charges(self, currency: str) -> tuple[DraftCharge, ...]:
        found = enumerate(self.charges or [])
        return tuple(
            DraftCharge(one.type, one.title, minor(one.amount, currency, f"/charges/{place}/amount"))
            for place, one in found
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


def _line(index: int, line: DraftLineBody, currency: str) -> DraftLine:
    price = line.unit_price
    if price and price.currency != currency:
        raise Invalid.at(f"/lines/{index}/unit_price/currency", f"the shop sells in {currency}")
    return DraftLine(line.sku, line.quantity, price.amount if price else None)


def _plain(body: Body | None) -> dict[str, Any]:
    """What was filled in."""
    values = body.model_dump(exclude_none=True) if body else {}
    return {name: value for name, value in values.items() if value}
