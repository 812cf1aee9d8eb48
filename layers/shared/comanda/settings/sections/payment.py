"""A payment method: its surcharge, its waits, and what it permits before the money is there."""

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from comanda.settings.sections.section import Minor, Seconds, Section, Words

Millionths = Annotated[int, Field(ge=0, le=1_000_000)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class PaymentMethod(Section):
    enabled: bool = False
    title: Words = Words()
    instructions: Words = Words()
    surcharge: Minor = 0
    surcharge_ppm: Millionths = 0
    discount: Minor = 0
    discount_ppm: Millionths = 0
    currencies: tuple[Currency, ...] = Field((), max_length=40)  # none: any
    minimum: Minor = 0  # of the order's total
    maximum: Minor | None = None
    pickup_only: bool = False  # for deliveries that need no address
    hold_seconds: Seconds = 7 * 86_400
    remind_seconds: Seconds | None = 2 * 86_400
    cancel_seconds: Seconds | None = 7 * 86_400  # None: never cancelled by itself
    reminders: tuple[Seconds, ...] = Field((), max_length=5)  # further ones, after the placing as well
    reserve_on: Literal["placed", "confirmed"] = "placed"
    ship_before_payment: bool = False

    @field_validator("discount", "discount_ppm")
    @classmethod
    def _one_way(cls, less: int, known: ValidationInfo) -> int:
        if less and (known.data.get("surcharge") or known.data.get("surcharge_ppm")):
            raise ValueError("a way to pay has a surcharge or a discount, not both")
        return less

    @field_validator("maximum")
    @classmethod
    def _room(cls, most: int | None, known: ValidationInfo) -> int | None:
        if most is not None and most < max(known.data.get("minimum") or 0, 1):
            raise ValueError("the largest order cannot be smaller than the smallest")
        return most

    @field_validator("reminders")
    @classmethod
    def _in_turn(cls, later: tuple[int, ...], known: ValidationInfo) -> tuple[int, ...]:
        """One after the other, none before the first, none once the order is cancelled."""
        turns = ((known.data.get("remind_seconds") or 0), *later)
        if any(after <= before for before, after in pairwise(turns)):
            raise ValueError("each reminder comes after the one before")
        limit = known.data.get("cancel_seconds")
        if later and limit and later[-1] >= limit:
            raise ValueError("an order is not reminded of once it is cancelled for want of money")
        return later

    @property
    def hosted(self) -> bool:
        """Whether customers pay on the provider's page although the shop could have them pay on its own."""
        return False

    @property
    def reminding(self) -> tuple[int, ...]:
        """When customers are reminded, in seconds after the placing."""
        return (self.remind_seconds, *self.reminders) if self.remind_seconds else self.reminders

    @property
    def reserved_seconds(self) -> int:
        """How long units wait for the money; 0 where they never go back before the order itself ends."""
        outlived = self.cancel_seconds and self.hold_seconds >= self.cancel_seconds
        return 0 if self.ship_before_payment or outlived else self.hold_seconds

    @property
    def on_approval(self) -> int:
        """How long before an authorisation lapses staff are warned, in seconds, where money is only
        authorised at first and taken on approval; 0 where it is taken at once."""
        return 0


class CardPayment(PaymentMethod):
    """Cards by Stripe: typed into a form of the shop's own, or on Stripe's page (Checkout). `capture`: their
    bank can set the money aside before anybody takes it."""

    pay_on: Literal["shop", "provider"] = "shop"
    capture: Literal["at_once", "approval"] = "at_once"
    capture_warning_seconds: Seconds = 86_400  # before the bank lets go of the money

    @property
    def on_approval(self) -> int:
        return self.capture_warning_seconds if self.capture == "approval" else 0

    @property
    def hosted(self) -> bool:
        return self.pay_on == "provider"
