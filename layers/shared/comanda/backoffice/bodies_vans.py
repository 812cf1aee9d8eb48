"""What staff send about vans, over the API or by a form."""

from typing import Annotated

from pydantic import Field, StringConstraints

from comanda.backoffice.bodies import Carrier
from comanda.backoffice.bodies_labels import Account
from comanda.backoffice.vans import VanWish
from comanda.orders.wire import Body, Named

Day = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
Hour = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class VanBody(Body):
    """`orders` are ids: all their parcels with an unscanned label of this account and carrier. Day and hours
    are of the place; `location` is whose sender address the van comes to, without it the shop's."""

    account: Account
    carrier: Carrier
    location: Annotated[str, Field(max_length=40)] = ""
    day: Day
    ready_from: Hour
    ready_until: Hour
    orders: Annotated[list[Named], Field(min_length=1, max_length=50)]
    note: Note = ""

    def wish(self) -> VanWish:
        return VanWish(**(self.model_dump() | {"orders": tuple(self.orders)}))


class SettleVanBody(Body):
    comes: bool
    confirmation: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
