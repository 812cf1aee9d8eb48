"""Problems as staff read them: what happened, why, what now."""

from dataclasses import dataclass

from comanda.conversation.speech import N_
from comanda.errors import Problem
from comanda.screens.house.details import detail
from comanda.screens.house.tongue import Tongue

EXPLAINED: dict[str, tuple[str, str]] = {
    "not-found": (N_("There is nothing here"), N_("It may have been deleted, or the address was cut off.")),
    "forbidden": (N_("You may not do this"), N_("Somebody with the role %(roles)s can.")),
    "stale": (
        N_("Somebody changed it meanwhile"),
        N_("Nothing was done. Look at what is new and decide again."),
    ),
    "wrong-state": (N_("That is not possible now"), N_("Nothing was changed.")),
    "out-of-stock": (N_("There is not enough in stock"), N_("Nothing was changed.")),
    "price-changed": (N_("The price has changed"), N_("Nothing was changed. Look at the new price.")),
    "invalid": (N_("Something in the form is not right"), N_("Nothing was changed. Mend what is marked.")),
    "malformed": (N_("That could not be read"), N_("Nothing was changed. Open the page again.")),
    "rate-limited": (N_("That was too often"), N_("Nothing was changed. Try again in a moment.")),
    "busy": (N_("Too busy just now"), N_("Nothing was changed. Try again in a moment.")),
    "in-progress": (N_("This is being done already"), N_("Open the page again in a moment.")),
}
OTHERWISE = (N_("That did not work"), N_("Nothing was changed."))
BROKEN = (
    N_("Something went wrong on our side"),
    N_("It was written to the log under %(request)s. Try again; if it stays, tell whoever runs the system."),
)


@dataclass(frozen=True, slots=True)
class Told:
    """A problem on a page. `errors` are details by field: the last part of each pointer."""

    title: str
    advice: str
    detail: str
    errors: dict[str, str]


def told(problem: Problem, tongue: Tongue, **values: object) -> Told:
    """A problem in the reader's words."""
    title, advice = EXPLAINED.get(problem.type, OTHERWISE)
    named = tongue.say(advice)
    found = problem.extra.get("errors") or []
    errors = {
        str(one["pointer"]).strip("/").replace("/", "."): detail(str(one["detail"]), tongue) for one in found
    }
    known = {"roles": "admin"} | values
    advice = named % known if "%(" in named else named
    return Told(tongue.say(title), advice, tongue.refusal(problem.detail), errors)
