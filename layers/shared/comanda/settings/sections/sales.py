"""Who sells, and which orders are whose."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from comanda.settings.sections.section import Minor, Section, Text

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
