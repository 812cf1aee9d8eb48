"""Carrier accounts: which are used, who sends, and what parcels and labels are like by default."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from comanda.settings.sections.section import Code, Section

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
Place = Annotated[str, StringConstraints(pattern=r"^([a-z0-9][a-z0-9_-]{0,39})?$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Millimetres = Annotated[int, Field(ge=0, le=5_000)]


class CarrierAccount(Section):
    """`code` names who is asked: `easypost`, `ups` or `manual`; its keys lie in Secrets Manager."""

    code: Code
    enabled: bool = True


class Sender(Section):
    """Who sends, as it stands on labels and as the driver finds the place."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    line1: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    line2: Line = ""
    city: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    state: Line = ""
    postal_code: Line = ""
    country: Country
    company: Line = ""
    phone: Line = ""
    email: Line = ""


class DefaultBox(Section):
    """The usual parcel; `weight_grams` of its empty box, which is added to the goods'."""

    weight_grams: Annotated[int, Field(ge=0, le=70_000)] = 0
    length_mm: Millimetres = 0
    width_mm: Millimetres = 0
    height_mm: Millimetres = 0


def _once_each(accounts: tuple[CarrierAccount, ...]) -> tuple[CarrierAccount, ...]:
    if len({one.code for one in accounts}) < len(accounts):
        raise ValueError("each account once")
    return accounts


class Carriers(Section):
    """`senders` by the code of their location; under the empty one the shop's own, for all others. `ship`: a
    parcel counts as shipped as soon as its label is bought, if staff do not say otherwise."""

    accounts: Annotated[tuple[CarrierAccount, ...], Field(max_length=10), AfterValidator(_once_each)] = ()
    senders: dict[Place, Sender] = Field({}, max_length=50)
    box: DefaultBox = DefaultBox()
    format: Literal["pdf", "zpl"] = "pdf"
    ship: bool = True

    def enabled(self) -> tuple[str, ...]:
        """Codes of the accounts that are switched on, in their order."""
        return tuple(one.code for one in self.accounts if one.enabled)
