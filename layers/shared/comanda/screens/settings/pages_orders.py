"""How orders come in: approval, deadlines, the form customers fill in, privacy, codes, signs of fraud."""

from comanda.conversation.speech import N_
from comanda.screens.settings.chosen import Choice, Tick, Ticks
from comanda.screens.settings.kinds import Field
from comanda.screens.settings.lengths import Duration
from comanda.screens.settings.nested import Group, Rows
from comanda.screens.settings.page import Page
from comanda.screens.settings.plain import Amount, Lines, Number, Percent, Text, Words

ORDERS = N_("Orders")

TAKING = Page(
    "checkout",
    "checkout",
    ORDERS,
    N_("Approval and deadlines"),
    N_("What happens to an order between the customer's button and your approval."),
    (
        Field(
            "approval",
            N_("New orders"),
            Choice(
                (
                    ("manual", N_("wait until somebody approves them")),
                    ("automatic", N_("are accepted at once")),
                )
            ),
        ),
        Field(
            "notify_merchant",
            N_("You are told of an order"),
            Choice(
                (
                    ("verified", N_("when the customer has confirmed the e-mail address")),
                    ("placed", N_("at once")),
                )
            ),
            N_("An order with money in it is always told at once."),
        ),
        Field(
            "verification_seconds",
            N_("Time to confirm the e-mail address"),
            Duration(),
            N_("After that the request expires and its units are free again."),
        ),
        Field("verification_resends", N_("Times the confirmation can be sent again"), Number()),
        Field(
            "minimum_order",
            N_("Least worth of an order's goods"),
            Amount(),
            N_("0 for none. A group of customers can have its own."),
        ),
        Field("link_seconds", N_("Links in mails work for"), Duration()),
        Field("edit_seconds", N_("Time to think about a change you propose"), Duration()),
        Field("cart_seconds", N_("Carts are kept for"), Duration()),
    ),
)
FORM = Page(
    "form",
    "checkout",
    ORDERS,
    N_("Order form"),
    N_(
        "What you ask for beside name, e-mail, telephone and address. "
        "The answers stand on the order, in your mails and in exports."
    ),
    (
        Field(
            "fields",
            N_("Your own questions"),
            Rows(
                (
                    Field(
                        "name",
                        N_("Short name"),
                        Text(),
                        N_("For files and other systems: small letters, digits, _ and -. It stays the same."),
                        required=True,
                    ),
                    Field("label", N_("Question"), Words()),
                    Field(
                        "type",
                        N_("Kind of answer"),
                        Choice(
                            (
                                ("text", N_("text")),
                                ("number", N_("number")),
                                ("date", N_("date")),
                                ("choice", N_("one of a list")),
                                ("checkbox", N_("yes or no")),
                            )
                        ),
                    ),
                    Field(
                        "choices",
                        N_("The list to choose from"),
                        Lines(),
                        N_("One on each line; only for a list."),
                    ),
                    Field("required", N_("Has to be answered"), Tick()),
                ),
                {"name": "", "type": "text", "label": {"es": "", "en": ""}, "required": False, "choices": []},
                N_("question"),
                N_("Nothing is asked beside contact and address."),
            ),
        ),
    ),
)
PRIVACY = Page(
    "privacy",
    "checkout",
    ORDERS,
    N_("Privacy notice"),
    N_("Customers accept it with each order; the order remembers which version."),
    (
        Field(
            "privacy",
            N_("Privacy notice"),
            Group(
                (
                    Field("url", N_("Where it can be read"), Text(input="url")),
                    Field(
                        "version",
                        N_("Version"),
                        Text(),
                        N_("Change it when the text changes, such as 2026-11."),
                    ),
                )
            ),
        ),
    ),
)
CODES = Page(
    "codes",
    "checkout",
    ORDERS,
    N_("Simple discount codes"),
    N_("Codes without limits or dates. Codes with limits, dates and groups are kept apart."),
    (
        Field(
            "discount_codes",
            N_("Codes"),
            Rows(
                (
                    Field("code", N_("Code"), Text(), required=True),
                    Field("percent_ppm", N_("Per cent off"), Percent()),
                    Field("amount", N_("or an amount off"), Amount()),
                    Field("active", N_("In use"), Tick()),
                ),
                {"code": "", "percent_ppm": 0, "amount": 0, "active": True},
                N_("code"),
                N_("There are no simple codes."),
            ),
        ),
    ),
)
HINTS = Page(
    "hints",
    "hints",
    ORDERS,
    N_("Signs of fraud and duplicates"),
    N_(
        "Each sign holds the order before it is shipped until somebody has looked. "
        "Empty: it is not looked for."
    ),
    (
        Field(
            "same_contents_minutes",
            N_("The same products for the same customer within"),
            Duration(base=60, optional=True),
        ),
        Field("most_orders", N_("More orders than this"), Number(optional=True)),
        Field("most_minutes", N_("… within"), Duration(base=60)),
        Field(
            "most_by",
            N_("… counted by"),
            Ticks((("phone", N_("telephone")), ("address", N_("address")), ("email", N_("e-mail")))),
        ),
        Field("countries_differ", N_("Billed in one country, sent to another"), Tick()),
        Field(
            "addresses",
            N_("The delivery address"),
            Choice(
                (
                    ("", N_("never holds an order")),
                    ("unusable", N_("holds it when nobody can deliver there")),
                    ("odd", N_("holds it when anything speaks against it")),
                )
            ),
        ),
        Field("amount_over", N_("A total above"), Amount(optional=True)),
        Field(
            "express",
            N_("These ways of delivery for an unconfirmed address"),
            Ticks(more="deliveries"),
        ),
        Field(
            "disposable_domains",
            N_("Domains of throw-away e-mail addresses"),
            Lines(),
            N_("One on each line, such as mailinator.com."),
        ),
    ),
)
PAGES = (TAKING, FORM, PRIVACY, CODES, HINTS)
