"""Bodies of the commands on bank statements."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StringConstraints, model_validator

from comanda.backoffice.bodies import LineId, Reason
from comanda.backoffice.statements.confirming import Wish
from comanda.backoffice.statements.splitting import MOST_PARTS, Share
from comanda.errors import Invalid
from comanda.orders.wire import Body, MoneyBody
from comanda.statements.matching import Outcome

MOST_WISHES = 100


class WishBody(Body):
    """`as` is what the movement was seen to be for this order: if it is something else by now, nothing
    happens. `exact` is the only one that is ever proposed."""

    entry_id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    order_id: LineId
    as_: Annotated[Literal["exact", "under", "over", "duplicate", "late", "returned"], Field(alias="as")]


class ConfirmBody(Body):
    """Without `notify` customers get no receipt, and are not asked again for what was returned."""

    rows: Annotated[list[WishBody], Field(min_length=1, max_length=MOST_WISHES)]
    notify: StrictBool = True

    @model_validator(mode="after")
    def _once_each(self) -> "ConfirmBody":
        if len({row.entry_id for row in self.rows}) < len(self.rows):
            raise ValueError("each movement once")
        return self

    def wishes(self) -> list[Wish]:
        return [Wish(row.entry_id, row.order_id, Outcome(row.as_)) for row in self.rows]


class PartBody(Body):
    """What an order gets of the movement."""

    order_id: LineId
    amount: MoneyBody


class SplitBody(Body):
    """The parts of a movement, together just its amount. Without `notify` customers get no receipt."""

    parts: Annotated[list[PartBody], Field(min_length=2, max_length=MOST_PARTS)]
    notify: StrictBool = True

    def shares(self, currency: str) -> list[Share]:
        """Raises Invalid for an amount in another currency."""
        for place, one in enumerate(self.parts):
            if one.amount.currency != currency:
                raise Invalid.at(f"/parts/{place}/amount/currency", f"the movement is in {currency}")
        return [Share(one.order_id, one.amount.amount) for one in self.parts]


class SetAsideBody(Body):
    """`reason`: why it is no order's money, in words."""

    reason: Reason
