"""A payment method: its surcharge, its waits, and what it permits before the money is there."""

from typing import Annotated, Literal

from pydantic import Field

from comanda.settings.sections.section import Minor, Seconds, Section, Words


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
