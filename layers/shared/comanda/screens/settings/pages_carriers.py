"""Carriers: the accounts that labels are bought from, who sends, the usual box, what labels are like."""

from comanda.conversation.speech import N_
from comanda.screens.settings.chosen import Choice, Tick
from comanda.screens.settings.kinds import Field
from comanda.screens.settings.nested import Filed, Group, Rows
from comanda.screens.settings.page import Page
from comanda.screens.settings.pages_goods import GOODS
from comanda.screens.settings.plain import Number, Text

BLANK_SENDER = {
    "name": "",
    "line1": "",
    "line2": "",
    "city": "",
    "state": "",
    "postal_code": "",
    "country": "MX",
    "company": "",
    "phone": "",
    "email": "",
}
ACCOUNTS = Rows(
    (
        Field(
            "code",
            N_("Account"),
            Choice((("easypost", "EasyPost"), ("ups", "UPS"), ("manual", N_("without a connection")))),
            N_("Its keys lie in Secrets Manager, never here."),
        ),
        Field("enabled", N_("In use"), Tick()),
    ),
    {"code": "easypost", "enabled": True},
    N_("account"),
    N_("None: labels are bought elsewhere, and their numbers typed when a parcel leaves."),
)
SENDERS = Filed(
    (
        Field("name", N_("Name"), Text(), required=True),
        Field("company", N_("Company"), Text()),
        Field("line1", N_("Street and number"), Text(), required=True),
        Field("line2", N_("Second line"), Text()),
        Field("postal_code", N_("Postal code"), Text()),
        Field("city", N_("City"), Text(), required=True),
        Field("state", N_("State"), Text()),
        Field("country", N_("Country"), Choice(more="countries")),
        Field("phone", N_("Telephone"), Text(input="tel"), N_("Most carriers ask for it.")),
        Field("email", N_("E-mail"), Text(input="email")),
    ),
    BLANK_SENDER,
    N_("sender"),
    N_("Without one no carrier can be asked."),
    key=Field(
        "place", N_("Sends what lies at"), Choice(more="places", otherwise=N_("every place without its own"))
    ),
)
CARRIERS = Page(
    "carriers",
    "carriers",
    GOODS,
    N_("Carriers and shipping labels"),
    N_("Where labels are bought from an order's page, and what stands on them."),
    (
        Field("accounts", N_("Accounts"), ACCOUNTS, N_("The first is asked where no carrier is named.")),
        Field("senders", N_("Who sends"), SENDERS),
        Field(
            "box",
            N_("The usual box"),
            Group(
                (
                    Field("weight_grams", N_("Weight empty, in grams"), Number()),
                    Field("length_mm", N_("Length outside, in millimetres"), Number()),
                    Field("width_mm", N_("Width outside, in millimetres"), Number()),
                    Field(
                        "height_mm",
                        N_("Height outside, in millimetres"),
                        Number(),
                        N_("0: not known."),
                    ),
                )
            ),
        ),
        Field(
            "format",
            N_("Labels are printed"),
            Choice((("pdf", N_("on paper (PDF)")), ("zpl", N_("by a label printer (ZPL)")))),
        ),
        Field(
            "ship",
            N_("A parcel counts as shipped as soon as its label is bought"),
            Tick(),
            N_("Its customer is told then. Staff may decide otherwise for one label."),
        ),
    ),
)
PAGES = (CARRIERS,)
