"""The shop itself, its stock, and the limits on public writes."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints

from comanda.settings.sections.section import Code, Locale, Seconds, Section, Text, Words


def _zone(name: str) -> str:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name).key
    except (ValueError, OSError, LookupError) as error:
        raise ValueError("a name of the IANA time zone database, such as America/Mexico_City") from error


def _order_page(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.netloc or "{order_id}" not in parts.path):
        raise ValueError("a web address with {order_id} in its path")
    return url


class Shop(Section):
    name: Text = "Mi tienda"
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "MXN"
    time_zone: Annotated[str, AfterValidator(_zone)] = "America/Mexico_City"
    locale: Locale = "es"
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = "MX"
    number_prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{0,8}$")] = "P-"
    tax_included: bool = True
    rounding: Literal["line", "total"] = "line"
    url: Text = ""
    logo_url: Text = ""
    # The storefront's own page of an order: where customers come back to from a provider's page.
    order_url: Annotated[Text, AfterValidator(_order_page)] = ""


class Location(Section):
    """One more place where the shop keeps goods."""

    code: Code
    title: Words = Words()


class Stock(Section):
    default_location: Code = "main"
    locations: tuple[Location, ...] = ()  # beside the default one
    low_stock: Annotated[int, Field(ge=0)] = 5
    reserve_in_cart_seconds: Seconds | None = None  # None: carts hold nothing


class Limits(Section):
    """Public writes a minute, per address and per e-mail."""

    per_address: Annotated[int, Field(ge=1)] = 60
    per_email: Annotated[int, Field(ge=1)] = 20
