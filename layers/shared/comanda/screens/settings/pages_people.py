"""Who buys and who sells: groups of customers with their terms, salespeople, teams and rules."""

from comanda.conversation.speech import N_
from comanda.screens.settings.chosen import Choice, Tick, Ticks
from comanda.screens.settings.kinds import Field
from comanda.screens.settings.nested import Rows
from comanda.screens.settings.page import Page
from comanda.screens.settings.plain import Amount, Lines, Number, Percent, Text, Words

BUYING = N_("Customers and sales")
CHANNELS = (
    ("web", N_("web")),
    ("phone", N_("telephone")),
    ("claroshop", "Claro Shop"),
    ("import", N_("imported")),
)

CUSTOMERS = Page(
    "customers",
    "customers",
    BUYING,
    N_("Groups of customers"),
    N_(
        "A customer's group decides on prices, least order and credit. "
        "The group is set on the customer's page."
    ),
    (
        Field(
            "groups",
            N_("Groups"),
            Rows(
                (
                    Field("title", N_("Name"), Words()),
                    Field("code", N_("Short name"), Text(), required=True),
                    Field(
                        "percent_ppm",
                        N_("Off every price"),
                        Percent(),
                        N_("For products that no price list of the group names."),
                    ),
                    Field(
                        "minimum_order",
                        N_("Least worth of an order's goods"),
                        Amount(optional=True),
                        N_("Empty: as for everybody."),
                    ),
                    Field(
                        "net_days",
                        N_("Pays days after the order"),
                        Number(optional=True),
                        N_("Empty: pays at once."),
                    ),
                    Field(
                        "credit_limit",
                        N_("Owes at most"),
                        Amount(optional=True),
                        N_("Empty: no limit. Only for those who pay later."),
                    ),
                ),
                {
                    "code": "",
                    "title": {"es": "", "en": ""},
                    "percent_ppm": 0,
                    "minimum_order": None,
                    "net_days": None,
                    "credit_limit": None,
                },
                N_("group"),
                N_("All customers have the same terms."),
            ),
        ),
        Field(
            "over_limit",
            N_("An order beyond the credit limit"),
            Choice((("refuse", N_("is refused")), ("hold", N_("is taken and held")))),
        ),
    ),
)
SALES = Page(
    "sales",
    "sales",
    BUYING,
    N_("Salespeople, teams and rules"),
    N_(
        "The first rule that fits a new order gives it to somebody. "
        "What a rule leaves empty fits every order."
    ),
    (
        Field(
            "people",
            N_("Salespeople"),
            Rows(
                (
                    Field("name", N_("Name"), Text(), required=True),
                    Field(
                        "user",
                        N_("Signs in as"),
                        Choice(more="staff", otherwise=N_("nobody")),
                        N_("With it “mine” in the list of orders finds theirs."),
                    ),
                ),
                {"name": "", "user": ""},
                N_("person"),
                N_("Nobody is named yet."),
            ),
        ),
        Field(
            "teams",
            N_("Teams"),
            Rows(
                (
                    Field("name", N_("Name"), Text(), required=True),
                    Field("members", N_("Members"), Lines(), N_("A name on each line, as above.")),
                    Field(
                        "in_turn",
                        N_("Orders go to its members in turn"),
                        Tick(),
                        N_("Else the team has them together."),
                    ),
                ),
                {"name": "", "members": [], "in_turn": False},
                N_("team"),
                N_("There is no team."),
            ),
        ),
        Field(
            "rules",
            N_("Rules"),
            Rows(
                (
                    Field(
                        "to", N_("Goes to"), Text(suggest="sellers"), N_("A person or a team."), required=True
                    ),
                    Field(
                        "countries",
                        N_("Countries"),
                        Lines(),
                        N_("Two capitals on each line, such as MX. Empty: everywhere."),
                    ),
                    Field("states", N_("States"), Lines(), N_("One on each line. Empty: all.")),
                    Field("channels", N_("Where it came from"), Ticks(CHANNELS)),
                    Field("from_total", N_("Total from"), Amount()),
                    Field("below_total", N_("and below"), Amount(optional=True)),
                ),
                {
                    "to": "",
                    "countries": [],
                    "states": [],
                    "channels": [],
                    "from_total": 0,
                    "below_total": None,
                },
                N_("rule"),
                N_("No rule: orders belong to nobody until somebody takes them."),
            ),
        ),
    ),
)
PAGES = (CUSTOMERS, SALES)
