"""The shop itself: name, language, taxes, who is told, and its limits."""

from comanda.conversation.speech import N_
from comanda.screens.settings.chosen import Choice, Tick
from comanda.screens.settings.kinds import Field
from comanda.screens.settings.page import Page
from comanda.screens.settings.plain import Lines, Number, Text

SHOP, PEOPLE = N_("The shop"), N_("Notices and safety")
LANGUAGES = (("es", "Español"), ("en", "English"))

ABOUT = Page(
    "shop",
    "shop",
    SHOP,
    N_("Name, language and region"),
    N_("What customers read on pages and mails, and in whose time and money the shop counts."),
    (
        Field("name", N_("Name of the shop"), Text(), required=True),
        Field("url", N_("Address of the shop's website"), Text(input="url"), N_("with https:// in front")),
        Field(
            "logo_url",
            N_("Address of the logo"),
            Text(input="url"),
            N_("A picture on the web; it stands on top of mails and pages."),
        ),
        Field(
            "order_url",
            N_("Your website's page of an order"),
            Text(),
            N_("Customers come back there from PayPal and Mercado Pago; {order_id} stands for the order."),
        ),
        Field(
            "locale",
            N_("Usual language"),
            Choice(LANGUAGES),
            N_("For whoever has not chosen one."),
        ),
        Field("country", N_("Country"), Choice(more="countries")),
        Field(
            "currency",
            N_("Currency"),
            Choice(more="currencies"),
            N_("New prices and orders count in it. Orders there are keep theirs."),
        ),
        Field(
            "time_zone",
            N_("Time zone"),
            Text(suggest="time_zones"),
            N_("Days and months in lists, reports and mails are those of this zone."),
            required=True,
        ),
        Field(
            "number_prefix",
            N_("Before every order number"),
            Text(),
            N_("P- gives P-1042; at most 8 capitals, digits or dashes. Numbers already given stay."),
        ),
    ),
)
TAX = Page(
    "tax",
    "shop",
    SHOP,
    N_("Taxes and rounding"),
    N_("Each product and each way of delivery says its own rate; here is how they are counted."),
    (
        Field(
            "tax_included",
            N_("Prices include tax"),
            Tick(),
            N_("With it, the price on the shelf is what the customer pays; without, tax is added to it."),
        ),
        Field(
            "rounding",
            N_("Tax is rounded"),
            Choice((("line", N_("on every line")), ("total", N_("once, on the total")))),
        ),
    ),
)
NOTICES = Page(
    "notifications",
    "notifications",
    PEOPLE,
    N_("Who is told"),
    N_("The shop's own addresses: new orders, failed exports and bounced payments are mailed to them."),
    (
        Field(
            "merchant_addresses",
            N_("Addresses that get every order"),
            Lines(),
            N_(
                "One on each line, 50 at most. Every mail has the order as a file and a button to approve it."
            ),
        ),
        Field("merchant_locale", N_("Language of these mails"), Choice(LANGUAGES)),
        Field(
            "reply_to",
            N_("Where customers' replies go"),
            Text(optional=True, input="email"),
            N_("Empty: replies go to the address that mails are sent from."),
        ),
        Field(
            "receipt",
            N_("Customers get a receipt once they have paid"),
            Tick(),
        ),
        Field(
            "receipt_paper",
            N_("The receipt is attached as PDF"),
            Tick(),
            N_("It looks as set under Printed papers. When it cannot be made, the mail goes without it."),
        ),
    ),
)
LIMITS = Page(
    "limits",
    "limits",
    PEOPLE,
    N_("Limits on the shop's public pages"),
    N_("Whoever sends more than this in one minute has to wait. It keeps robots from filling the shop."),
    (
        Field("per_address", N_("Requests a minute from one internet address"), Number()),
        Field("per_email", N_("Requests a minute for one e-mail address"), Number()),
    ),
)
PAGES = (ABOUT, TAX, NOTICES, LIMITS)
