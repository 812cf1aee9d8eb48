"""Ways of delivery: their zones and prices, what waits to be fetched, who tells customers of a parcel."""

from comanda.conversation.speech import N_
from comanda.screens.settings.chosen import Choice, Tick
from comanda.screens.settings.kinds import Field
from comanda.screens.settings.lengths import Duration
from comanda.screens.settings.nested import Group, Rows
from comanda.screens.settings.page import Page
from comanda.screens.settings.pages_goods import EMPTY, GOODS, SHORT_NAME
from comanda.screens.settings.plain import Amount, Lines, Number, Percent, Text, Words

RANGES = Rows(
    (
        Field("first", N_("First code"), Text(), required=True),
        Field("last", N_("Last code"), Text(), required=True),
    ),
    {"first": "", "last": ""},
    N_("range of postal codes"),
)
BANDS = Rows(
    (
        Field("up_to_grams", N_("Up to grams"), Number()),
        Field("price", N_("Price"), Amount()),
    ),
    {"up_to_grams": 1000, "price": 0},
    N_("weight"),
)
BLANK_ZONE = {
    "name": "",
    "countries": [],
    "states": [],
    "postal_prefixes": [],
    "postal_ranges": [],
    "price": 0,
    "weight_bands": [],
    "free_from": None,
    "excluded": False,
}
ZONES = Rows(
    (
        Field("name", N_("Name of the zone"), Text(), N_("For yourself; customers do not see it.")),
        Field("price", N_("Price"), Amount()),
        Field("free_from", N_("Free from goods worth"), Amount(optional=True), N_("Empty: never free.")),
        Field(
            "countries",
            N_("Countries"),
            Lines(),
            N_("Two capitals on each line, such as MX. Empty: everywhere."),
        ),
        Field("states", N_("States"), Lines(), N_("One on each line. Empty: all.")),
        Field(
            "postal_prefixes",
            N_("Postal codes that begin with"),
            Lines(),
            N_("One beginning on each line, such as 06."),
        ),
        Field("postal_ranges", N_("Ranges of postal codes"), RANGES),
        Field(
            "weight_bands",
            N_("Prices by weight"),
            BANDS,
            N_(
                "From light to heavy; they count instead of the price. "
                "What is heavier than the last is not taken."
            ),
        ),
        Field("excluded", N_("We do not deliver there"), Tick()),
    ),
    BLANK_ZONE,
    N_("zone"),
    N_("Without a zone nobody can choose it."),
)
RATES = Group(
    (
        Field(
            "services",
            N_("Services to choose from"),
            Rows(
                (
                    Field("account", N_("Carrier account"), Text(), required=True),
                    Field("carrier", N_("Carrier"), Text(optional=True), N_("Empty: any of the account.")),
                    Field("service", N_("Service"), Text(), N_("As the account calls it. Empty: all.")),
                    Field("title", N_("What customers read"), Words(), N_("Empty: its own name.")),
                ),
                {"account": "", "carrier": None, "service": "", "title": EMPTY},
                N_("service"),
                N_("No carrier is asked: the zone's price counts."),
            ),
            N_("Where none answers in time, the zone's price counts."),
        ),
        Field("markup_ppm", N_("Added to their price"), Percent()),
        Field("markup", N_("And an amount"), Amount()),
        Field("offered_seconds", N_("A price is promised for"), Duration()),
    )
)
NOTIFIERS = Rows(
    (
        Field("carrier", N_("Carrier"), Text(), N_("Its code, such as fedex."), required=True),
        Field(
            "by",
            N_("That it is on its way and has arrived, customers learn from"),
            Choice((("us", N_("us")), ("carrier", N_("the carrier")), ("both", N_("both")))),
        ),
    ),
    {"carrier": "", "by": "us"},
    N_("carrier"),
    N_("We tell them, whoever carries it."),
)
DELIVERIES = Rows(
    (
        Field("title", N_("What customers read"), Words()),
        SHORT_NAME,
        Field("needs_address", N_("Asks for an address"), Tick(), N_("Off for what is fetched.")),
        Field("tax_ppm", N_("Tax on its price"), Percent()),
        Field(
            "carrier",
            N_("Carrier"),
            Text(optional=True),
            N_("Its code, such as fedex; empty: any."),
        ),
        Field("zones", N_("Zones"), ZONES),
        Field("rates", N_("Carriers' prices"), RATES),
        Field("place", N_("Where it is fetched"), Words()),
        Field("hours", N_("Opening hours"), Words()),
        Field("slots", N_("Times to choose from"), Lines(), N_("One on each line.")),
        Field("slot_required", N_("A time has to be chosen"), Tick()),
    ),
    {
        "code": "",
        "title": EMPTY,
        "needs_address": True,
        "tax_ppm": 160_000,
        "zones": [BLANK_ZONE],
        "carrier": None,
        "rates": {"services": [], "markup_ppm": 0, "markup": 0, "offered_seconds": 3600},
        "place": EMPTY,
        "hours": EMPTY,
        "slots": [],
        "slot_required": False,
    },
    N_("way of delivery"),
    N_("Without one nobody can order."),
)
PICKUP = Group(
    (
        Field(
            "remind_seconds",
            N_("The customer is reminded after"),
            Duration(optional=True),
            N_("Once, counted from when it is ready. Empty: never."),
        ),
        Field(
            "expire_seconds",
            N_("It is kept for"),
            Duration(optional=True),
            N_("Empty: until somebody comes."),
        ),
        Field(
            "overdue",
            N_("If nobody comes"),
            Choice(
                (
                    ("hold", N_("the order is held for you")),
                    ("cancel", N_("the order is cancelled and its units are on sale again")),
                    ("none", N_("it only stands in the list as late")),
                )
            ),
        ),
    )
)
SHIPPING = Page(
    "shipping",
    "shipping",
    GOODS,
    N_("Ways of delivery"),
    N_("The first zone that fits an address decides the price, so put the narrow ones on top."),
    (
        Field("deliveries", N_("Ways of delivery"), DELIVERIES),
        Field("pickup", N_("What waits to be fetched"), PICKUP),
        Field("notifiers", N_("Who tells the customer of a parcel"), NOTIFIERS),
    ),
)
PAGES = (SHIPPING,)
