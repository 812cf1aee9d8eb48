"""What is done with the selected orders: said first on a page of its own, then run as a durable job."""

from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import parse_qs

from comanda.backoffice.bulk import ask as asking
from comanda.backoffice.bulk.actions import ACTIONS
from comanda.backoffice.bulk.bodies import MOST_IDS, BulkBody
from comanda.backoffice.staff import require
from comanda.conversation.speech import N_
from comanda.errors import Invalid, Problem
from comanda.orders.vocabulary import Label
from comanda.screens.house.answers import Answer, Goto, Screen
from comanda.screens.house.asked import BASE, Asked, Given, own_address
from comanda.screens.order_list import criteria
from comanda.screens.order_list.desk import ListDesk

COUNTED_TO = 1_000
LABELS = (Label.TO_REVIEW, Label.PENDING, Label.ERROR)  # those that a command leads to
RUN = f"{BASE}/orders/bulk/run"


@dataclass(frozen=True, slots=True)
class Work:
    """`word` is on the button, `says` what will happen; `fields` are the form's."""

    code: str
    action: str
    word: str
    says: str
    fields: tuple[str, ...] = ()
    kind: str = ""


WORKS = (
    Work("approve", "approve", N_("Approve"), N_("Each order is accepted; its customer is told.")),
    Work(
        "paid", "mark-paid", N_("Mark as paid"),
        N_("Each order is marked as paid with all that is due; its customer gets a receipt."), ("reference",),
    ),
    Work(
        "cleared", "clear-cheque", N_("Cheques cleared"),
        N_("Each order's deposited cheque counts as paid; its customer gets a receipt."), ("on",),
    ),
    Work(
        "ship", "ship", N_("Ship orders"),
        N_("All that is left of each order leaves as one parcel; its customer is told."),
        ("carrier", "tracking_number"),
    ),
    Work(
        "label", "label", N_("Change status"),
        N_("Each order gets the command that leads there."), ("label",),
    ),
    Work("csv", "export", N_("Download CSV"), N_("A file with these orders is written.")),
    Work(
        "send", "export", N_("Send to my system"), N_("A file with these orders is sent."), ("destination",)
    ),
    Work(
        "picks", "print", N_("Print pick list"),
        N_("One list of what is to be fetched for all of them, by bin; which orders have nothing is told."),
        ("format",),
    ),
    Work(
        "slips", "print", N_("Print packing slips"),
        N_("One file with a packing slip of each; which orders have none yet is told."), ("format",),
    ),
    Work(
        "labels", "print", N_("Print shipping labels"),
        N_("One file with the labels that were bought for each; which orders have none is told."),
        ("format",),
    ),
    Work("papers", "print", N_("Print orders"), N_("One file with each order and its prices."), ("format",)),
    Work(
        "receipts", "print", N_("Print receipts"),
        N_("One file with a receipt of each; which orders have none yet is told."), ("format",),
    ),
    Work(
        "handover", "print", N_("Print hand-over list"),
        N_("The parcels of these orders that leave on a day, by carrier, with a line to sign."),
        ("format", "day"),
    ),
    Work(
        "cancel", "cancel", N_("Cancel orders"),
        N_("Each order ends: units go back to stock, money that came in goes back, its customer is told."),
        ("reason",), "danger",
    ),
)  # fmt: skip
PAPERS = {
    "slips": "packing-slip",
    "papers": "order",
    "receipts": "receipt",
    "picks": "pick-list",
    "handover": "hand-over",
    "labels": "labels",
}
FORMATS = (
    ("", N_("the shop's usual one")),
    ("letter", N_("Letter")),
    ("a4", N_("A4")),
    ("thermal", N_("80 mm roll")),
)
LABEL_FORMATS = (
    ("", N_("as the shop buys them")),
    ("pdf", N_("PDF")),
    ("zpl", N_("ZPL, for label printers")),
)
BY_CODE = {work.code: work for work in WORKS}


def chosen_screen(asked: Asked, desk: ListDesk) -> Answer:
    """What will happen and to how many, with what it still needs to know. Raises Invalid."""
    work = BY_CODE.get(asked.field("work"))
    if work is None:
        raise Invalid.at("/work", "choose what to do")
    require(asked.staff, ACTIONS[work.action].permission)
    return _asking(asked, desk, work)


def run_bulk(asked: Asked, desk: ListDesk) -> Answer:
    """Begin the job; its page shows how far it is. What is refused is said on the same page."""
    work = BY_CODE.get(asked.field("work"))
    if work is None:
        raise Invalid.at("/work", "choose what to do")
    require(asked.staff, ACTIONS[work.action].permission)
    try:
        body = BulkBody(action=work.action, params=_params(asked, work), **_which(asked, desk))
        return begun(asked, desk, body)
    except Problem as problem:
        return _asking(asked, desk, work, problem)


def begun(asked: Asked, desk: ListDesk, body: BulkBody) -> Goto:
    """The page of a job that begins now. Raises Invalid."""
    job_id, _ = asking.ask(
        body,
        asked.key,
        asked.origin,
        at=desk.bulking(),
        runs=desk.runs(),
        keys_seen=desk.keys_seen(),
        understand=desk.understand,
        names=desk.names,
        whom=desk.whom,
    )
    return Goto(f"{BASE}/jobs/{job_id}")


def whole_list(asked: Asked, desk: ListDesk, work: Work, choice: str) -> Screen:
    """The same for all orders of a choice, asked for by an address."""
    require(asked.staff, ACTIONS[work.action].permission)
    return _page(asked, desk, work, {"filter": _filter(choice)}, choice, criteria.address(parse_qs(choice)))


def _asking(asked: Asked, desk: ListDesk, work: Work, problem: Problem | None = None) -> Screen:
    back = asked.field("back") or asked.field("_page")
    return _page(asked, desk, work, _which(asked, desk), asked.field("choice"), back, problem)


def _page(
    asked: Asked,
    desk: ListDesk,
    work: Work,
    which: dict[str, Any],
    choice: str,
    back: str,
    problem: Problem | None = None,
) -> Screen:
    ids = which.get("ids") or []
    destinations = desk.settings().section("exports")[0].destinations
    values = {
        "work": work,
        "run": RUN,
        "ids": ids,
        "all": "filter" in which,
        "choice": choice,
        "count": _count(asked, desk, which),
        "back": own_address(back),
        "formats": [
            (code, asked.tongue.say(word))
            for code, word in (LABEL_FORMATS if work.code == "labels" else FORMATS)
        ],
        "labels": [(code, asked.tongue.word("LABEL", code)) for code in LABELS],
        "destinations": [(code, code) for code, one in destinations.items() if one.ready],
    }
    given = Given(RUN, asked.form) if problem else None
    return Screen("order_list/bulk.html.j2", values, problem=problem, given=given)


def _which(asked: Asked, desk: ListDesk) -> dict[str, Any]:
    """The ticked orders, or all that fit the list's choice. Raises Invalid for none and for too many."""
    if asked.field("all"):
        return {"filter": _filter(asked.field("choice"))}
    ids = list(dict.fromkeys(value for value in asked.fields("id") if value))
    if not ids:
        raise Invalid.at("/id", "select at least one order")
    if len(ids) > MOST_IDS:
        raise Invalid.at("/id", f"a job takes at most {MOST_IDS} orders by name")
    return {"ids": ids}


def _filter(choice: str) -> dict[str, Any]:
    """A choice as a job takes it, which needs some condition."""
    found = criteria.as_filter(criteria.canonical(parse_qs(choice)))
    return found or {"lifecycle": criteria.VALUES["lifecycle"]}


def _count(asked: Asked, desk: ListDesk, which: dict[str, Any]) -> str:
    """How many orders it is about; counting ends at a thousand."""
    if "ids" in which:
        return asked.tongue.number(len(which["ids"]))
    fitting = desk.bulking().select(which["filter"], asked.origin.at)
    count = sum(1 for _ in islice(fitting, COUNTED_TO))
    return f"{asked.tongue.number(count)}+" if count == COUNTED_TO else asked.tongue.number(count)


def _params(asked: Asked, work: Work) -> dict[str, Any]:
    given = {name: asked.field(name) for name in work.fields if asked.field(name)}
    if work.code == "cancel" and "reason" not in given:
        raise Invalid.at("/reason", "say why")
    if work.code in PAPERS:
        return given | {"kind": PAPERS[work.code]}
    if work.code == "csv":
        return {"mode": "all", "format": "spreadsheet"}
    return given
