"""What a storefront sends about a cart."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from comanda.carts.model import MOST_LINES

Sku = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
MOST_QUANTITY = 100_000


class Body(BaseModel):
    """A request body: what is not known is refused, so that a misspelt field is not lost silently."""

    model_config = ConfigDict(extra="forbid")


class LineBody(Body):
    sku: Sku
    quantity: Annotated[int, Field(ge=1, le=MOST_QUANTITY, strict=True)]


class CartBody(Body):
    """`POST /carts`: everything may be left out."""

    lines: Annotated[list[LineBody], Field(max_length=MOST_LINES)] = []
    locale: Literal["es", "en"] | None = None


class QuantityBody(Body):
    """`PUT /carts/{cart_id}/lines/{sku}`: 0 removes the line."""

    quantity: Annotated[int, Field(ge=0, le=MOST_QUANTITY, strict=True)]


class CartContactBody(Body):
    """`PUT /carts/{cart_id}/contact`."""

    email: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    ]
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
