"""How customers pay: a page for each payment method."""

from comanda.conversation.speech import N_
from comanda.conversation.words import METHOD
from comanda.screens.settings.chosen import Choice, Tick
from comanda.screens.settings.kinds import Field
from comanda.screens.settings.lengths import Duration, Durations
from comanda.screens.settings.page import Page
from comanda.screens.settings.plain import Amount, Codes, Percent, Words
from comanda.settings.methods import Method

PAYING = N_("Payment")
PREFIX = "payments."

FIELDS = (
    Field("enabled", N_("Customers can choose it"), Tick()),
    Field("title", N_("What customers read"), Words(), N_("Empty: its usual name.")),
    Field(
        "instructions",
        N_("Your message on how to pay"),
        Words(long=True),
        N_(
            "Sent when the order is placed, and shown on its page: "
            "account, bank, what to write on the payment. "
            "**Bold** between two asterisks; a line that begins with a dash is an entry of a list."
        ),
    ),
    Field("surcharge", N_("Fixed surcharge"), Amount()),
    Field("surcharge_ppm", N_("Surcharge in per cent of the goods"), Percent()),
    Field("discount", N_("Fixed discount"), Amount(), N_("Taken off the goods; not beside a surcharge.")),
    Field("discount_ppm", N_("Discount in per cent of the goods"), Percent()),
    Field("minimum", N_("For orders from"), Amount()),
    Field("maximum", N_("For orders up to"), Amount(optional=True), N_("Empty: of any size.")),
    Field(
        "currencies",
        N_("Only while the shop sells in"),
        Codes(),
        N_("Codes such as MXN, EUR. Empty: in any currency."),
    ),
    Field("pickup_only", N_("Only for orders that are picked up"), Tick()),
    Field(
        "reserve_on",
        N_("Units are set aside"),
        Choice(
            (
                ("placed", N_("when the order is placed")),
                ("confirmed", N_("only once you confirm it")),
            )
        ),
        N_("Until then anybody else can buy them."),
    ),
    Field("hold_seconds", N_("Units of an unpaid order are kept for"), Duration()),
    Field(
        "remind_seconds",
        N_("The customer is reminded after"),
        Duration(optional=True),
        N_("Empty: never."),
    ),
    Field(
        "reminders",
        N_("And again after"),
        Durations(),
        N_("Counted from the order as well, such as 3 d, 6 d. The last one says that it is the last."),
    ),
    Field(
        "cancel_seconds",
        N_("An unpaid order is cancelled after"),
        Duration(optional=True),
        N_("Empty: never by itself. A payment on its way is never cancelled."),
    ),
    Field(
        "ship_before_payment",
        N_("May be shipped before the money is there"),
        Tick(),
        N_("For cash on delivery and for customers you trust."),
    ),
)
# Of cards alone: the others have no choice of pages.
PAID_ON = Field(
    "pay_on",
    N_("Where customers type their card"),
    Choice(
        (
            ("shop", N_("in a form of your own shop")),
            ("provider", N_("on Stripe's page")),
        )
    ),
    N_(
        "Stripe's page needs no form for cards in your shop, and offers what you switched on at Stripe, "
        "such as wallets. Orders that wait for their money change over when their customer pays again."
    ),
)


TAKEN = Field(
    "capture",
    N_("The money is taken"),
    Choice(
        (
            ("at_once", N_("when the customer pays")),
            ("approval", N_("when you approve the order")),
        )
    ),
    N_("On approval: until then the bank only sets the money aside, for about a week."),
)


WARNED = Field(
    "capture_warning_seconds",
    N_("You are warned before the bank lets go of it"),
    Duration(),
    N_("So long ahead, by mail and in the list. Only where the money is taken when you approve."),
)


def _fields(method: Method) -> tuple[Field, ...]:
    return (FIELDS[0], PAID_ON, TAKEN, WARNED, *FIELDS[1:]) if method is Method.STRIPE else FIELDS


PAGES = tuple(
    Page(
        f"{PREFIX}{method}",
        f"{PREFIX}{method}",
        PAYING,
        METHOD[method],
        N_("Title, instructions, surcharge, and how long an order may wait for its money."),
        _fields(method),
    )
    for method in Method
)
