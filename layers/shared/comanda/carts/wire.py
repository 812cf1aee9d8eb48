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


class PlaceBody(Body):
    """Where goods would go, as far as carriers want to know."""

    line1: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    line2: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] | None = None
    city: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    state: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] | None = None
    postal_code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]
    country: Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z]{2}$")]


class DeliveryPricesBody(Body):
    """`POST /checkout/delivery-prices`: either a cart or lines."""

    cart_id: Annotated[str, StringConstraints(min_length=1, max_length=80)] | None = None
    lines: Annotated[list[LineBody], Field(max_length=MOST_LINES)] | None = None
    shipping_address: PlaceBody
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
