"""Goods before they leave: where they lie, how they are picked, what they are packed in."""

from comanda.conversation.speech import N_
from comanda.screens.settings.chosen import Choice, Tick
from comanda.screens.settings.kinds import Field
from comanda.screens.settings.lengths import Duration
from comanda.screens.settings.nested import Group, Rows
from comanda.screens.settings.page import Page
from comanda.screens.settings.plain import Number, Text, Words

GOODS = N_("Delivery and stock")
EMPTY = {"es": "", "en": ""}
SHORT_NAME = Field(
    "code",
    N_("Short name"),
    Text(),
    N_("For files and other systems: small letters, digits, _ and -. It stays the same."),
    required=True,
)

STOCK = Page(
    "stock",
    "stock",
    GOODS,
    N_("Stock and locations"),
    N_("Where goods lie, and when they count as set aside."),
    (
        Field(
            "reserve_in_cart_seconds",
            N_("Units in a cart at checkout are kept for"),
            Duration(optional=True),
            N_("Empty: carts hold nothing, the order does."),
        ),
        Field(
            "low_stock", N_("Stock is low below"), Number(), N_("Units; a product can have its own limit.")
        ),
        Field(
            "default_location",
            N_("Main location"),
            Text(),
            N_("Its short name. Units already there do not move when it changes."),
            required=True,
        ),
        Field(
            "locations",
            N_("Other locations"),
            Rows(
                (
                    Field("code", N_("Short name"), Text(), required=True),
                    Field("title", N_("Name"), Words()),
                ),
                {"code": "", "title": EMPTY},
                N_("location"),
                N_("Everything lies in one place."),
            ),
        ),
    ),
)
SHORT_PICK = Group(
    (
        Field(
            "policy",
            N_("The order"),
            Choice(
                (
                    ("backorder", N_("gets other units, or waits for them")),
                    ("refund", N_("does without, and the money goes back")),
                    ("substitute", N_("gets another article, never dearer")),
                )
            ),
            N_("Staff may decide otherwise for one order; who picks may not."),
        ),
        Field(
            "substitutes",
            N_("What takes the place of what"),
            Rows(
                (
                    Field("sku", N_("Instead of (SKU)"), Text(), required=True),
                    Field("instead", N_("Comes (SKU)"), Text(), required=True),
                ),
                {"sku": "", "instead": ""},
                N_("article"),
                N_("No article has a substitute."),
            ),
        ),
        Field(
            "fallback",
            N_("Where there is no other article, or not enough of it, the order"),
            Choice(
                (
                    ("backorder", N_("gets other units, or waits for them")),
                    ("refund", N_("does without, and the money goes back")),
                )
            ),
        ),
    )
)
FULFILMENT = Page(
    "fulfilment",
    "fulfilment",
    GOODS,
    N_("From the shelf to the carrier"),
    N_("For orders that are placed from now on; the others keep the way they began."),
    (
        Field(
            "steps",
            N_("Goods leave"),
            Choice(
                (
                    ("ship", N_("in one step: they are shipped")),
                    ("pick_ship", N_("in two steps: picked, then shipped")),
                    ("pick_pack_ship", N_("in three steps: picked, packed, then shipped")),
                )
            ),
        ),
        Field(
            "ready_mail",
            N_("Mail to the customer when a delivery order is ready to leave"),
            Tick(),
            N_("Once for each one that is sent. What is fetched at the shop has a mail of its own."),
        ),
        Field("wave_deliveries", N_("Delivery orders in a picker's wave, at most"), Number()),
        Field(
            "wave_lease_seconds",
            N_("A wave in which nothing is done is free for others after"),
            Duration(),
        ),
        Field("short_pick", N_("What is not found on its shelf"), SHORT_PICK),
    ),
)
PARCELS = Page(
    "parcels",
    "parcels",
    GOODS,
    N_("Parcels and boxes"),
    N_("What goods are packed in, and when somebody should ask where a parcel is."),
    (
        Field(
            "boxes",
            N_("Boxes"),
            Rows(
                (
                    Field("name", N_("Name"), Text(), required=True),
                    SHORT_NAME,
                    Field("length_mm", N_("Length inside, in millimetres"), Number(), required=True),
                    Field("width_mm", N_("Width inside, in millimetres"), Number(), required=True),
                    Field("height_mm", N_("Height inside, in millimetres"), Number(), required=True),
                    Field("tare_grams", N_("Weight empty, in grams"), Number(), N_("With its padding.")),
                ),
                {
                    "code": "",
                    "name": "",
                    "length_mm": None,
                    "width_mm": None,
                    "height_mm": None,
                    "tare_grams": 0,
                },
                N_("box"),
                N_("Size and weight are typed for each parcel, or left out."),
            ),
        ),
        Field(
            "stuck_after_days",
            N_("A parcel is stuck after this many days without a scan"),
            Number(optional=True),
            N_("It stands in the list of stuck parcels then. Empty: none does."),
        ),
    ),
)
PAGES = (STOCK, FULFILMENT, PARCELS)
