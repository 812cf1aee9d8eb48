"""Groups of customers, their prices and their terms."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from comanda.settings.sections.section import Code, Minor, Section, Words


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
