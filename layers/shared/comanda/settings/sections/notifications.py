"""Who at the merchant is told."""

from typing import Annotated

from pydantic import Field

from comanda.settings.sections.section import Address, Locale, Section


class Notifications(Section):
    """Who at the merchant is told, and whether customers get a receipt when they have paid;
    `receipt_paper`: with the receipt as PDF."""

    merchant_addresses: Annotated[tuple[Address, ...], Field(max_length=50)] = ()  # one SES mail takes 50
    merchant_locale: Locale = "es"
    receipt: bool = True
    receipt_paper: bool = True
    reply_to: Address | None = None
