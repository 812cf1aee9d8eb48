"""Bodies of the commands of the counter, where customers fetch what they ordered."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from comanda.backoffice.bodies import LineId, Moment, UnitsBody
from comanda.fulfilment.hand_over import Taking
from comanda.fulfilment.ready import Aside
from comanda.fulfilment.units import Wanted
from comanda.orders.wire import Body

Lines = Annotated[list[UnitsBody], Field(min_length=1, max_length=200)]
Typed = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class ReadyBody(Body):
    """Without lines: all that may leave the shop; with none of them: no more than waits already, in its new
    time or place. `location` is the code of a way of delivery where goods are
    fetched, by default the order's; `until` when they go back, by default the shop's usual time; `shelf` is
    for the staff."""

    lines: Annotated[list[UnitsBody], Field(max_length=200)] | None = None
    location: Typed = ""
    until: Moment | None = None
    shelf: Typed = ""
    notify: bool = True

    def aside(self) -> Aside:
        lines = None if self.lines is None else wanted(self.lines)
        return Aside(lines, self.location, self.until or "", self.shelf, self.notify)


class HandOverBody(Body):
    """`code` is what the customer shows; without it `number`, the order's own, says that staff know them.
    `name` is who takes the goods. Without lines: all that waits. `paid`: what was due is paid at the same
    time."""

    code: Typed = ""
    number: Typed = ""
    name: Name
    lines: Lines | None = None
    at: Moment | None = None
    paid: bool = False
    notify: bool = True

    @model_validator(mode="after")
    def _shown(self) -> Self:
        if not self.code and not self.number:
            raise ValueError("say the pickup code, or the order's number")
        return self

    def taking(self) -> Taking:
        return Taking(self.name, self.code, self.number, wanted(self.lines), self.at or "", self.notify)


class UndoHandOverBody(Body):
    hand_over_id: LineId


class FindBody(Body):
    """The pickup code that a customer shows, or the number of the order."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


def wanted(lines: list[UnitsBody] | None) -> tuple[Wanted, ...]:
    return tuple(Wanted(line.quantity, line.line_id or "", line.sku or "") for line in lines or ())
