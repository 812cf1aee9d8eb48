"""Bodies of an order's edits: one shape per action, told apart by `type`."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from comanda.backoffice.bodies import LineId, Note
from comanda.orders.edits.ask_for import Asked
from comanda.orders.edits.change_set import Change
from comanda.orders.wire import AddressBody, Body, ContactBody, MoneyBody, Named, Quantity, Short, Sku

MOST = 10**12  # minor units; what is beyond is a slip of the finger
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
NewQuantity = Annotated[int, Field(ge=0, le=100_000, strict=True)]


class AmountBody(MoneyBody):
    amount: Annotated[int, Field(ge=0, le=MOST, strict=True)]


class ActionBody(Body):
    """`reason` is the staff's own and is never shown to customers."""

    reason: Reason = ""

    def asked(self) -> Asked:
        """The action in our own terms."""
        raise NotImplementedError


class LineAction(ActionBody):
    """An action on one line, named by `line_id`, or by `sku` where only one line has it."""

    line_id: LineId | None = None
    sku: Sku | None = None

    @model_validator(mode="after")
    def named(self) -> Self:
        if not self.line_id and not self.sku and not getattr(self, "code", None):
            raise ValueError("name the line by line_id or by sku")
        return self

    def change(self, kind: str, **more: Any) -> Change:
        return Change(kind, line_id=self.line_id or "", sku=self.sku or "", **more)


class AddAction(ActionBody):
    """A new line, at today's price unless a unit price is given."""

    type: Literal["add"]
    sku: Sku
    quantity: Quantity
    unit_price: AmountBody | None = None

    def asked(self) -> Asked:
        change = Change("add", sku=self.sku, quantity=self.quantity, price=_amount(self.unit_price))
        return Asked(change, currency=_currency(self.unit_price))


class RemoveAction(LineAction):
    """Take off a line, or by `code` a discount or surcharge of the order."""

    type: Literal["remove"]
    code: Short | None = None

    def asked(self) -> Asked:
        return Asked(self.change("remove", code=self.code or ""))


class QuantityAction(LineAction):
    type: Literal["quantity"]
    quantity: NewQuantity

    def asked(self) -> Asked:
        return Asked(self.change("quantity", quantity=self.quantity))


class PriceAction(LineAction):
    """Another unit price, as `unit_price` or `price`."""

    type: Literal["price"]
    unit_price: AmountBody | None = None
    price: AmountBody | None = None

    @model_validator(mode="after")
    def priced(self) -> Self:
        if (self.unit_price is None) == (self.price is None):
            raise ValueError("give the new unit price once, as unit_price")
        return self

    def asked(self) -> Asked:
        given = self.unit_price or self.price
        return Asked(self.change("price", price=_amount(given)), currency=_currency(given))


class ChargeAction(ActionBody):
    """A discount on the goods, or something that costs extra; the customer reads its title."""

    type: Literal["discount", "surcharge"]
    amount: AmountBody
    title: Named

    @model_validator(mode="after")
    def something(self) -> Self:
        if not self.amount.amount:
            raise ValueError("an amount is more than nothing")
        return self

    def asked(self) -> Asked:
        change = Change(self.type, price=self.amount.amount, title=self.title)
        return Asked(change, currency=self.amount.currency)


class AddressAction(ActionBody):
    """Where it goes (`shipping_address` or `address`), who is billed (`billing_address`), or both."""

    type: Literal["address"]
    address: AddressBody | None = None
    shipping_address: AddressBody | None = None
    billing_address: AddressBody | None = None

    @model_validator(mode="after")
    def somewhere(self) -> Self:
        if self.address and self.shipping_address:
            raise ValueError("give the shipping address once")
        if not (self.address or self.shipping_address or self.billing_address):
            raise ValueError("give shipping_address, billing_address or both")
        return self

    def asked(self) -> Asked:
        given = {"shipping": self.shipping_address or self.address, "billing": self.billing_address}
        texts = {slot: body.model_dump(exclude_none=True) for slot, body in given.items() if body}
        return Asked(Change("address"), texts)


class DeliveryAction(ActionBody):
    """Another way of delivery, by its code, at today's price unless one is given."""

    type: Literal["delivery"]
    delivery: Named
    delivery_slot: Short = ""
    price: AmountBody | None = None

    def asked(self) -> Asked:
        change = Change(
            "delivery", delivery=self.delivery, slot=self.delivery_slot, price=_amount(self.price)
        )
        return Asked(change, currency=_currency(self.price))


class CustomerAction(ActionBody):
    """Whose order it is: a contact, an account by `customer_id`, or both."""

    type: Literal["customer"]
    customer: ContactBody | None = None
    customer_id: LineId | None = None

    @model_validator(mode="after")
    def somebody(self) -> Self:
        if self.customer is None and self.customer_id is None:
            raise ValueError("give a customer with an e-mail address, or a customer_id")
        return self

    def asked(self) -> Asked:
        contact = self.customer.model_dump(exclude_none=True) if self.customer else {}
        filled = {name: value for name, value in contact.items() if value}
        return Asked(Change("customer"), {"contact": filled}, self.customer_id or "")


type Action = Annotated[
    AddAction
    | RemoveAction
    | QuantityAction
    | PriceAction
    | ChargeAction
    | AddressAction
    | DeliveryAction
    | CustomerAction,
    Field(discriminator="type"),
]


class EditBody(Body):
    """`POST /admin/orders/{id}/edits`; the actions apply one after the other."""

    actions: Annotated[list[Action], Field(min_length=1, max_length=100)]
    note: Note = ""

    def asked(self) -> list[Asked]:
        return [action.asked() for action in self.actions]

    @property
    def reasons(self) -> str:
        """The note and the reasons of the actions, as staff wrote them."""
        return "\n".join(text for text in (self.note, *(action.reason for action in self.actions)) if text)


class ConfirmEditBody(Body):
    """Without `notify` the customer gets no mail about the change."""

    notify: bool = True


class DeclineEditBody(Body):
    reason: Note = ""


class AskAcceptanceBody(Body):
    """`message` is a word to the customer, shown in the mail and on the page."""

    message: Note = ""


def _amount(money: MoneyBody | None) -> int | None:
    return money.amount if money else None


def _currency(money: MoneyBody | None) -> str:
    return money.currency if money else ""
