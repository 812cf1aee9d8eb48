"""Printed papers: the paper they are printed on, and what the shop says on them."""

from comanda.conversation.speech import N_
from comanda.screens.settings.chosen import Choice
from comanda.screens.settings.kinds import Field
from comanda.screens.settings.page import Page
from comanda.screens.settings.pages_shop import SHOP
from comanda.screens.settings.picture import Picture
from comanda.screens.settings.plain import Text, Words

FORMATS = (("letter", N_("Letter")), ("a4", N_("A4")), ("thermal", N_("80 mm roll")))
KINDS = (
    ("order", N_("Order with prices")), ("packing-slip", N_("Packing slip")),
    ("receipt", N_("Receipt")), ("pickup-slip", N_("Pickup slip")),
    ("pick-list", N_("Pick list")), ("hand-over", N_("Hand-over list")),
)  # fmt: skip

PAPERS = Page(
    "documents",
    "documents",
    SHOP,
    N_("Printed papers"),
    N_("Orders, slips, receipts and lists as they come from the printer."),
    (
        Field("format", N_("Usual paper"), Choice(FORMATS), N_("Each paper can be printed on another one.")),
        Field("colour", N_("Colour of titles and lines"), Text(input="color"), N_("A roll is always black.")),
        Field("logo", N_("Logo"), Picture(), N_("PNG or JPEG, at most 60 KB; printed up to 60 × 18 mm.")),
        Field(
            "sender",
            N_("Below the shop's name"),
            Text(long=True),
            N_("Legal name, tax number, address, telephone: a line each."),
        ),
        Field("footer", N_("At the foot of every page"), Words(long=True)),
        Field("order", N_("On orders"), Words(long=True)),
        Field("packing_slip", N_("On packing slips"), Words(long=True)),
        Field("receipt", N_("On receipts"), Words(long=True)),
        Field("pickup_slip", N_("On pickup slips"), Words(long=True)),
        Field("pick_list", N_("On pick lists"), Words(long=True)),
        Field("hand_over", N_("On hand-over lists"), Words(long=True)),
    ),
)
PAGES = (PAPERS,)
