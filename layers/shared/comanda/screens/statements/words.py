"""What movements look like, in the merchant's words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comanda.conversation.speech import N_
from comanda.screens.house.tongue import Tongue


@dataclass(frozen=True, slots=True)
class Group:
    """Movements that look alike: title, what there is to do, and the words of the button by which one of
    them is confirmed."""

    code: str
    title: str
    hint: str
    kind: str = "neutral"
    confirm: str = ""


GROUPS = (
    Group(
        "exact",
        N_("Pays an order exactly"),
        N_("Number and amount fit one order. Ticked: one click confirms them."),
        "green",
        N_("Confirm the payment"),
    ),
    Group(
        "split",
        N_("Pays several orders exactly"),
        N_("It names several orders and is what is due for all of them: look at it and confirm its parts."),
        "blue",
    ),
    Group(
        "under",
        N_("Less than is due"),
        N_("Ticked, a part is recorded and the order goes on waiting for the rest."),
        "amber",
        N_("Record as part of the payment"),
    ),
    Group(
        "over",
        N_("More than is due"),
        N_("Ticked, all of it is recorded: the order is overpaid and held until somebody looks at it."),
        "amber",
        N_("Record, with too much money"),
    ),
    Group(
        "duplicate",
        N_("The order is paid already"),
        N_("Perhaps the same transfer twice. Ticked, it is recorded as too much money."),
        "amber",
        N_("Record as paid once more"),
    ),
    Group(
        "late",
        N_("The order was cancelled"),
        N_("Money that came late. Ticked, it is recorded; the order goes on or is held."),
        "amber",
        N_("Record as late money"),
    ),
    Group(
        "returned",
        N_("Money that was taken back"),
        N_("A returned transfer or cheque. Ticked, the payment does not count any more."),
        "amber",
        N_("Take the payment back"),
    ),
    Group(
        "ambiguous",
        N_("Not sure which order"),
        N_("Several orders, only name and amount, or an order that is paid another way: choose by hand."),
        "amber",
    ),
    Group("currency", N_("Another currency"), N_("The order is in another currency."), "amber"),
    Group("unknown", N_("No order found"), N_("Match it by hand, or set it aside.")),
    Group("confirming", N_("Not finished"), N_("Confirming broke off: confirm it again."), "blue"),
    Group("confirmed", N_("Confirmed"), "", "green"),
    Group("set_aside", N_("Set aside"), ""),
    Group("outgoing", N_("Money that went out"), ""),
)
BY_CODE: Mapping[str, Group] = {group.code: group for group in GROUPS}
LEFT_OUT = {
    "not_booked": N_("Announced but not booked yet, left out: %(n)s."),
    "not_itemised": N_("Several payments in one, which the bank does not tell apart: %(n)s."),
    "no_movement": N_("Rows without a date or an amount, left out: %(n)s."),
}
FORMATS = {"csv": "CSV", "camt053": "CAMT.053", "norma43": "Norma 43"}
WHY = {
    "reference": N_("named in the movement"),
    "number": N_("its number is in the text"),
    "name": N_("same amount and name"),
    "chosen": N_("chosen by you"),
}


def told_of(results: Sequence[Mapping[str, Any]], tongue: Tongue) -> str:
    """What became of the movements that were confirmed, in a sentence or two."""
    counts = Counter(str(one["outcome"]) for one in results)
    said = []
    if counts["confirmed"]:
        said.append(
            tongue.say_many(
                "%(n)s movement is confirmed.", "%(n)s movements are confirmed.", counts["confirmed"]
            )
        )
    if counts["left"]:
        said.append(
            tongue.say_many(
                "%(n)s is left: confirm it again.", "%(n)s are left: confirm them again.", counts["left"]
            )
        )
    refused = [one for one in results if one["outcome"] == "refused"]
    if refused:
        why = tongue.refusal(str(refused[0]["problem"]["detail"]))
        said.append(
            tongue.say_many(
                "%(n)s was refused: %(why)s.", "%(n)s were refused: %(why)s.", len(refused), why=why
            )
        )
    return " ".join(said)
