"""What makes an order suspicious, as the shop sees it."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from comanda.settings.sections.section import Code, Minor, Section

Minutes = Annotated[int, Field(ge=1, le=30 * 24 * 60)]
Domain = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, to_lower=True, pattern=r"^[^@\s.]+(\.[^@\s.]+)+$", max_length=253
    ),
]


class Hints(Section):
    """Each rule that finds something holds the order before it is shipped, until staff release it. What
    is None, false or empty looks for nothing.

    `same_contents_minutes`: the same products for the same customer within that time. `most_orders`: so
    many within `most_minutes` are usual for one telephone, address or e-mail (`most_by`), more are not.
    `countries_differ`: billed in one country, sent to another. `amount_over`: a total above this, in
    minor units. `express`: ways of delivery that nobody gets whose address is not confirmed.
    `addresses`: which addresses hold an order, `unusable` ones or `odd` ones too. `disposable_domains`: of
    e-mail addresses for one day, each with everything below it.
    """

    same_contents_minutes: Minutes | None = None
    most_orders: Annotated[int, Field(ge=1, le=200)] | None = None
    most_minutes: Minutes = 60
    most_by: tuple[Literal["phone", "address", "email"], ...] = ("phone", "address", "email")
    countries_differ: bool = False
    amount_over: Minor | None = None
    express: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    addresses: Literal["", "unusable", "odd"] = ""
    disposable_domains: Annotated[tuple[Domain, ...], Field(max_length=5_000)] = ()
