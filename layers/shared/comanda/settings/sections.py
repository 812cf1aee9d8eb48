"""Every section of the shop's settings, validated. Waits are in seconds, money in minor units."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from comanda.settings.methods import Method

Seconds = Annotated[int, Field(ge=1, le=400 * 86_400)]
Minor = Annotated[int, Field(ge=0, le=10**12)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
PostalCode = Annotated[
    str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z0-9-]{1,12}$")
]
Address = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)
]
Locale = Literal["es", "en"]


def _zone(name: str) -> str:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name).key
    except (ValueError, OSError, LookupError) as error:
        raise ValueError("a name of the IANA time zone database, such as America/Mexico_City") from error


class Section(BaseModel):
    """A section is replaced as a whole and refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Section):
    """A text in both languages; a missing one is filled by the other."""

    es: Text = ""
    en: Text = ""

    def of(self, locale: str) -> str:
        return (self.en or self.es) if locale == "en" else (self.es or self.en)


class Shop(Section):
    name: Text = "Mi tienda"
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "MXN"
    time_zone: Annotated[str, AfterValidator(_zone)] = "America/Mexico_City"
    locale: Locale = "es"
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = "MX"
    number_prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{0,8}$")] = "P-"
    tax_included: bool = True
    rounding: Literal["line", "total"] = "line"
    url: Text = ""
    logo_url: Text = ""


class FormField(Section):
    """A field the seller asks for at checkout beside the contact and the address."""

    name: Code
    type: Literal["text", "number", "date", "choice", "checkbox"] = "text"
    label: Words = Words()
    required: bool = False
    choices: tuple[Text, ...] = ()


class Privacy(Section):
    version: Text = "1"
    url: Text = ""


class DiscountCode(Section):
    """`percent_ppm` in millionths of the subtotal, or a fixed `amount`."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, max_length=40)]
    percent_ppm: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    amount: Minor = 0
    active: bool = True


class Checkout(Section):
    verification_seconds: Seconds = 86_400
    verification_resends: Annotated[int, Field(ge=0, le=20)] = 5
    approval: Literal["manual", "automatic"] = "manual"
    notify_merchant: Literal["placed", "verified"] = "verified"
    fields: tuple[FormField, ...] = ()
    privacy: Privacy = Privacy()
    discount_codes: tuple[DiscountCode, ...] = ()
    minimum_order: Minor = 0
    link_seconds: Seconds = 14 * 86_400
    edit_seconds: Seconds = 3 * 86_400  # how long a customer may think about a proposed change
    cart_seconds: Seconds = 30 * 86_400


class PaymentMethod(Section):
    enabled: bool = False
    title: Words = Words()
    instructions: Words = Words()
    surcharge: Minor = 0
    surcharge_ppm: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    hold_seconds: Seconds = 7 * 86_400
    remind_seconds: Seconds | None = 2 * 86_400
    cancel_seconds: Seconds | None = 7 * 86_400  # None: never cancelled by itself
    reserve_on: Literal["placed", "confirmed"] = "placed"
    ship_before_payment: bool = False

    @property
    def reserved_seconds(self) -> int:
        """How long units wait for the money; 0 where they never go back before the order itself ends."""
        outlived = self.cancel_seconds and self.hold_seconds >= self.cancel_seconds
        return 0 if self.ship_before_payment or outlived else self.hold_seconds


class PostalRange(Section):
    """Postal codes from `first` to `last`, both included; a longer code counts by its beginning."""

    first: PostalCode
    last: PostalCode

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if len(self.first) != len(self.last) or self.first > self.last:
            raise ValueError("two codes of the same length, the smaller one first")
        return self


class WeightBand(Section):
    """The price of a parcel that weighs at most `up_to_grams`."""

    up_to_grams: Annotated[int, Field(ge=1, le=10**8)]
    price: Minor = 0


class Zone(Section):
    """Where a way of delivery is offered, and at what price.

    No countries: everywhere; no states, prefixes and ranges: the whole country. With weight bands
    their price counts instead of `price`, and what is heavier than the last is not taken. From
    `free_from` on (goods after discounts) it costs nothing. `excluded`: we do not deliver there.
    """

    name: Text = ""
    countries: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")], ...] = ()
    states: tuple[Text, ...] = ()
    postal_prefixes: tuple[Text, ...] = ()
    postal_ranges: tuple[PostalRange, ...] = ()
    price: Minor = 0
    weight_bands: tuple[WeightBand, ...] = ()
    free_from: Minor | None = None
    excluded: bool = False

    @model_validator(mode="after")
    def _bands_rise(self) -> Self:
        limits = [band.up_to_grams for band in self.weight_bands]
        if limits != sorted(set(limits)):
            raise ValueError("weight bands go from light to heavy, each heavier than the one before")
        return self


class Delivery(Section):
    """A way to get the goods: by a carrier, or fetched at `place` during `hours`.

    With `slots` the customer may choose one of these times, and must if `slot_required`.
    """

    code: Code
    title: Words = Words()
    needs_address: bool = True
    tax_ppm: Annotated[int, Field(ge=0, le=1_000_000)] = 160_000
    zones: tuple[Zone, ...] = (Zone(),)
    carrier: Code | None = None
    place: Words = Words()
    hours: Words = Words()
    slots: Annotated[
        tuple[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)], ...],
        Field(max_length=100),
    ] = ()
    slot_required: bool = False

    @model_validator(mode="after")
    def _slots_to_choose(self) -> Self:
        if self.slot_required and not self.slots:
            raise ValueError("slots are needed where one must be chosen")
        return self


class Shipping(Section):
    deliveries: tuple[Delivery, ...] = (
        Delivery(code="ship", title=Words(es="Envío a domicilio", en="Home delivery")),
        Delivery(
            code="pickup", title=Words(es="Recoger en tienda", en="Pick up in store"), needs_address=False
        ),
    )


class Location(Section):
    """One more place where the shop keeps goods."""

    code: Code
    title: Words = Words()


class Stock(Section):
    default_location: Code = "main"
    locations: tuple[Location, ...] = ()  # beside the default one
    low_stock: Annotated[int, Field(ge=0)] = 5


class Notifications(Section):
    """Who at the merchant is told, and whether customers get a receipt when they have paid."""

    merchant_addresses: Annotated[tuple[Address, ...], Field(max_length=50)] = ()  # one SES mail takes 50
    merchant_locale: Locale = "es"
    receipt: bool = True
    reply_to: Address | None = None


class Destination(Section):
    """A server of the merchant's. `host_key` is the pinned line `ssh-ed25519 AAAA…`."""

    enabled: bool = True
    kind: Literal["sftp"] = "sftp"
    host: Text
    port: Annotated[int, Field(ge=1, le=65535)] = 22
    username: Text
    directory: Text = "."
    host_key: Text
    profile: Literal["orders", "lines"] = "lines"
    format: Literal["machine", "spreadsheet"] = "machine"
    delimiter: Literal[",", ";", "\t"] = ","
    scheduled: bool = True
    skip_empty: bool = True


class Exports(Section):
    destinations: dict[Code, Destination] = {}


class CustomerGroup(Section):
    """`percent_ppm` comes off every price that no price list names; `minimum_order` is what the goods of
    an order are worth at least, None as for everyone (`checkout.minimum_order`). With `net_days` its
    customers pay that many days after the order, up to `credit_limit` open at once."""

    code: Code
    title: Words = Words()
    percent_ppm: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    minimum_order: Minor | None = None
    net_days: Annotated[int, Field(ge=1, le=365)] | None = None
    credit_limit: Minor | None = None


def _once_each(groups: tuple[CustomerGroup, ...]) -> tuple[CustomerGroup, ...]:
    if len({group.code for group in groups}) < len(groups):
        raise ValueError("each group's code once")
    return groups


class Customers(Section):
    """The groups that customers may be in; a customer's group decides on prices and terms."""

    groups: Annotated[tuple[CustomerGroup, ...], Field(max_length=100), AfterValidator(_once_each)] = ()
    over_limit: Literal["refuse", "hold"] = "refuse"  # an order on terms beyond the credit limit

    def group(self, code: str) -> CustomerGroup | None:
        return next((group for group in self.groups if group.code == code), None)


PersonName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class Salesperson(Section):
    """`user` is their id in the user pool: with it `assigned=me` finds what is theirs."""

    name: PersonName
    user: Text = ""


class SalesTeam(Section):
    """`in_turn`: its members get the orders one after the other; else the team has them as a whole."""

    name: PersonName
    members: tuple[PersonName, ...] = ()
    in_turn: bool = False


class SalesRule(Section):
    """What is left empty fits every order. Totals in minor units, from (inclusive) and below."""

    to: PersonName
    countries: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")], ...] = ()
    states: tuple[Text, ...] = ()
    channels: tuple[Literal["web", "phone", "claroshop", "import"], ...] = ()
    from_total: Minor = 0
    below_total: Minor | None = None


class Sales(Section):
    """Who sells: the first rule that fits an order when it is placed gives it to somebody."""

    people: Annotated[tuple[Salesperson, ...], Field(max_length=500)] = ()
    teams: Annotated[tuple[SalesTeam, ...], Field(max_length=100)] = ()
    rules: Annotated[tuple[SalesRule, ...], Field(max_length=100)] = ()


class Limits(Section):
    """Public writes a minute, per address and per e-mail."""

    per_address: Annotated[int, Field(ge=1)] = 60
    per_email: Annotated[int, Field(ge=1)] = 20


SECTIONS: dict[str, type[Section]] = {
    "shop": Shop,
    "checkout": Checkout,
    "shipping": Shipping,
    "stock": Stock,
    "notifications": Notifications,
    "exports": Exports,
    "customers": Customers,
    "sales": Sales,
    "limits": Limits,
    **{f"payments.{method}": PaymentMethod for method in Method},
}


# What a fresh shop offers without any setting.
DEFAULTS: dict[str, dict[str, Any]] = {
    "payments.stripe": {
        "enabled": True,
        "title": {"es": "Tarjeta", "en": "Card"},
        "cancel_seconds": 3600,
        "remind_seconds": 1800,
        "hold_seconds": 3600,
    },
    "payments.bank_transfer": {
        "enabled": True,
        "title": {"es": "Transferencia bancaria", "en": "Bank transfer"},
        "instructions": {
            "es": "Haz la transferencia a la cuenta de la tienda y escribe la referencia de tu pedido.",
            "en": "Transfer the amount to the shop's account and quote your order's reference.",
        },
    },
    "payments.request": {
        "enabled": True,
        "title": {"es": "Solicitud de pedido sin pago", "en": "Order request without payment"},
        "cancel_seconds": None,
        "remind_seconds": None,
        "ship_before_payment": True,
    },
}
