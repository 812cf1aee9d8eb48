"""All pages of the settings, in the order a merchant meets them."""

from comanda.conversation.speech import N_
from comanda.conversation.words import METHOD
from comanda.errors import NotFound
from comanda.screens.settings import (
    destination,
    pages_carriers,
    pages_goods,
    pages_money,
    pages_orders,
    pages_papers,
    pages_people,
    pages_shipping,
    pages_shop,
)
from comanda.screens.settings.kinds import Field
from comanda.screens.settings.nested import Keyed
from comanda.screens.settings.page import Page, fields_of

PAGES: tuple[Page, ...] = (
    *pages_shop.PAGES,
    *pages_papers.PAGES,
    *pages_orders.PAGES,
    *pages_money.PAGES,
    *pages_shipping.PAGES,
    *pages_goods.PAGES,
    *pages_carriers.PAGES,
    *pages_people.PAGES,
)
BY_CODE = {page.code: page for page in PAGES}


def page_of(code: str) -> Page:
    """Raises NotFound."""
    found = BY_CODE.get(code)
    if found is None:
        raise NotFound(f"there is no settings page {code!r}")
    return found


SECTION_WORDS = {
    "shop": N_("The shop and its taxes"),
    "checkout": N_("Approval, order form, privacy and codes"),
    "notifications": N_("Who is told"),
    "limits": N_("Limits on the shop's public pages"),
    "documents": N_("Printed papers"),
    "hints": N_("Signs of fraud and duplicates"),
    "fulfilment": N_("From the shelf to the carrier"),
    "parcels": N_("Parcels and boxes"),
    "carriers": N_("Carriers and shipping labels"),
    "shipping": N_("Ways of delivery"),
    "stock": N_("Stock and locations"),
    "customers": N_("Groups of customers"),
    "sales": N_("Salespeople, teams and rules"),
    "exports": N_("Where orders are sent"),
} | {f"{pages_money.PREFIX}{method}": word for method, word in METHOD.items()}
EXPORTS = (Field("destinations", N_("Destination"), Keyed(destination.FIELDS)),)


def all_fields(section: str) -> tuple[Field, ...]:
    """Every field of a section, from its pages."""
    return EXPORTS if section == "exports" else fields_of(section, PAGES)


# What the sections' own rules say; here so that it is translated.
RULES = (
    N_("each group's code once"),
    N_("two codes of the same length, the smaller one first"),
    N_("weight bands go from light to heavy, each heavier than the one before"),
    N_("each box has a short name of its own"),
    N_("each account once"),
    N_("slots are needed where one must be chosen"),
    N_("a name of the IANA time zone database, such as America/Mexico_City"),
)
