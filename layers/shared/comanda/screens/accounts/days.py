"""The shop's money day by day: the list, a day with its closing, closing it, opening it again, its file."""

from comanda.backoffice.accounts.days import Count
from comanda.conversation.speech import N_
from comanda.errors import Invalid
from comanda.screens.accounts.desk import PROVIDERS, AccountsDesk
from comanda.screens.accounts.payouts import STATES, payout_row
from comanda.screens.accounts.rooms import rooms
from comanda.screens.house.amounts import minor_units
from comanda.screens.house.answers import Answer, File, Goto, Screen
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.house.routing import House

PAGE = "/money/days"
BY_HAND = "manual"
MOST_COUNTS = 40
COLUMNS = {
    "charges": N_("Charges"),
    "refunds": N_("Refunds"),
    "disputes": N_("Disputes"),
    "fees": N_("Fees"),
    "net": N_("Net"),
}


def hang_days(house: House, desk: AccountsDesk) -> None:
    @house.get(PAGE, "accounts.read")
    def listed(asked: Asked) -> Answer:
        rows = [one | {"to": f"{BASE}{PAGE}/{one['day']}"} for one in desk.days().listed(asked.now)]
        return Screen("accounts/days.html.j2", {"rooms": rooms(asked), "rows": rows})

    @house.get(f"{PAGE}/<day>", "accounts.read")
    def look(asked: Asked, day: str) -> Answer:
        found = desk.days().look(day, asked.now)
        closing = found["closing"]
        values = {
            "rooms": rooms(asked),
            "day": found,
            "closing": closing,
            "who": desk.name_of(closing["by"]) if closing else "",
            "opened": [one | {"who": desk.name_of(one["by"])} for one in found["opened"]],
            "to": f"{BASE}{PAGE}/{day}",
            "columns": COLUMNS,
            "providers": PROVIDERS,
            "payouts": [payout_row(one) for one in found["payouts"]],
            "states": STATES,
            "by_hand": [one for one in found["totals"] if one["provider"] == BY_HAND],
        }
        return Screen("accounts/day.html.j2", values)

    @house.get(f"{PAGE}/<day>/file", "accounts.read")
    def file(asked: Asked, day: str) -> Answer:
        made = desk.days().table(day, asked.now)
        return File(made.file_name, made.content())

    @house.post(f"{PAGE}/<day>/close", "accounts.close")
    def close(asked: Asked, day: str) -> Answer:
        found = desk.days().close(day, _counts(asked), asked.field("note"), asked.origin, asked.now)
        told = asked.tongue.say("The day is closed under number %(n)s.", n=found["number"])
        return Goto(f"{BASE}{PAGE}/{day}", told)

    @house.post(f"{PAGE}/<day>/open", "accounts.lock")
    def reopen(asked: Asked, day: str) -> Answer:
        desk.days().open(day, asked.field("reason"), asked.origin, asked.now)
        return Goto(f"{BASE}{PAGE}/{day}", asked.tongue.say("The day is open again."))


def _counts(asked: Asked) -> list[Count]:
    """What was typed in; a way to pay that was left empty was not counted. Raises Invalid."""
    found: list[Count] = []
    for place in range(MOST_COUNTS):
        name = f"counted.{place}"
        method, currency = asked.field(f"{name}.method"), asked.field(f"{name}.currency")
        typed = asked.field(f"{name}.amount")
        if method and typed:
            amount = _amount(typed, currency, place)
            found.append(Count(method, currency, amount, asked.field(f"{name}.reason"), place))
    return found


def _amount(typed: str, currency: str, place: int) -> int:
    try:
        return minor_units(typed, currency)
    except (ValueError, KeyError):
        raise Invalid.at(f"/counted/{place}/amount", "this is no amount") from None
