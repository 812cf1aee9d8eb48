"""Ways of delivery, and the zones and weights their prices depend on."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from comanda.settings.sections.section import Code, Minor, PostalCode, Seconds, Section, Text, Words


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


class OfferedService(Section):
    """A service that customers may choose: of which `account`, and there of which carrier and by which name
    (as the account calls them); without these, all of them. `title`: what customers read instead of its
    own."""

    account: Code
    carrier: Code | None = None
    service: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = ""
    title: Words = Words()

    def means(self, carrier: str, service: str) -> bool:
        return self.carrier in (None, carrier) and self.service in ("", service)


class CarrierRates(Section):
    """The price of a way of delivery is asked of carriers when a customer wants to know: theirs, and a
    fraction (`markup_ppm`) and an amount (`markup`) more. It is promised for `offered_seconds`. Where none
    answers in time, or the storefront does not ask, the price of the zone stands; `free_from` of the zone
    counts as ever. Without services no carrier is asked."""

    services: Annotated[tuple[OfferedService, ...], Field(max_length=20)] = ()
    markup_ppm: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    markup: Minor = 0
    offered_seconds: Annotated[int, Field(ge=60, le=7 * 86_400)] = 3600


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
    rates: CarrierRates = CarrierRates()
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


class Waiting(Section):
    """How long goods wait at the counter for their customer, who is reminded once; counted from when they are
    put aside, for those put aside from then on. `overdue`: the order is held for the staff, is cancelled as
    they would cancel it, or only stands in their list as late."""

    remind_seconds: Seconds | None = 3 * 86_400
    expire_seconds: Seconds | None = 7 * 86_400  # None: they wait until somebody comes
    overdue: Literal["hold", "cancel", "none"] = "hold"


class Notifier(Section):
    """Who tells the customer that a parcel of this carrier is on its way and has arrived: `us` by our mails,
    the `carrier` by its own, or `both`. A carrier without an entry: us."""

    carrier: Code
    by: Literal["us", "carrier", "both"] = "us"


class Shipping(Section):
    deliveries: tuple[Delivery, ...] = (
        Delivery(code="ship", title=Words(es="Envío a domicilio", en="Home delivery")),
        Delivery(
            code="pickup", title=Words(es="Recoger en tienda", en="Pick up in store"), needs_address=False
        ),
    )
    pickup: Waiting = Waiting()
    notifiers: Annotated[tuple[Notifier, ...], Field(max_length=50)] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        carriers = [one.carrier for one in self.notifiers]
        if len(carriers) != len(set(carriers)):
            raise ValueError("each carrier once among the notifiers")
        return self

    def told_by(self, carrier: str) -> str:
        """Who tells the customer about parcels of a carrier, by its code: `us`, `carrier` or `both`."""
        code = carrier.casefold()
        return next((one.by for one in self.notifiers if one.carrier == code), "us")
