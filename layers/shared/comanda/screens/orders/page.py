"""The page of one order."""

from dataclasses import asdict
from typing import Any

from comanda.backoffice.history_answer import past_answer
from comanda.conversation.addresses import finding_text
from comanda.conversation.speech import N_
from comanda.conversation.words import carrier_name
from comanda.documents.kinds import fetched
from comanda.fulfilment.consign import MOST_PARCELS
from comanda.fulfilment.units import BEFORE
from comanda.money import decimal_text
from comanda.orders.decision import Loaded
from comanda.orders.derive import amount_due
from comanda.orders.model import Order
from comanda.orders.past import Past
from comanda.orders.refunds import MANUAL, WALLETS, refundable, tenders
from comanda.orders.vocabulary import UNPLACED, Label, Method
from comanda.screens.house.answers import Screen
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.orders import words
from comanda.screens.orders.choices import FORMS, choices, reason_against
from comanda.screens.orders.desk import OrderDesk
from comanda.screens.orders.kinds import kind_of
from comanda.screens.orders.next_step import next_step
from comanda.screens.orders.papers import papers
from comanda.screens.orders.timeline import MAILS, filters, timeline
from comanda.screens.orders.way import FETCHED, STATES, STEPS, console_address, next_look, way

AXES = (
    ("LIFECYCLE", "lifecycle"),
    ("PAYMENT", "payment"),
    ("FULFILMENT", "fulfilment"),
    ("RETURNS", "returns"),
)
MOVED_BY = {  # which facts move an axis: its time is that of the last of them
    "lifecycle": ("OrderPlaced", "DraftStarted", "EmailVerified", "OrderApproved", "OrderRejected",
                  "OrderCancelled", "OrderExpired", "OrderRevived", "OrderClosed", "QuotationSent",
                  "CancellationUndone"),
    "payment": ("PaymentStarted", "PaymentAuthorized", "CaptureAsked", "PaymentCaptured", "PaymentFailed",
                "PaymentVoided", "AuthorizationLapsed", "PaymentBounced", "PaymentUnmarked",
                "ChequeDeposited", "ChequeBounced", "ChequeTakenBack", "RefundExecuted", "RefundUndone",
                "DisputeOpened", "DisputeClosed"),
    "fulfilment": ("LinesShipped", "LinesDelivered", "DeliveryUndone", "BackorderFilled", "ParcelTakenBack",
                   "PickupReady", "PickupPutBack", "PickupHandedOver", "HandOverUndone",
                   "LinesPicked", "PickUndone"),
    "returns": (),
}  # fmt: skip


def address_of(order_id: str) -> str:
    return f"{BASE}/orders/{order_id}"


def order_screen(
    asked: Asked, loaded: Loaded, whole: dict[str, Any], desk: OrderDesk, more: dict[str, Any]
) -> Screen:
    """The page of an order as it is now; `whole` is what the staff API answers of it,
    `more` what an open form shows beside it."""
    order = loaded.order
    comes = fetched(order, desk.settings().sections(["shipping"])["shipping"])
    step = next_step(order, fetched=comes)
    doing = asked.word("do") if asked.word("do") in FORMS else ""
    values = shown(asked, whole, desk) | {
        "step": step,
        "fetched": comes,
        "choices": choices(asked, order, fetched=comes),
        "papers": papers(asked, order, fetched=comes) if order.lifecycle not in UNPLACED else None,
        "doing": doing,
        "refused": reason_against(doing, order, asked) if doing and not more.get("preview") else "",
        "way": [] if order.lifecycle in UNPLACED else way(loaded),
        "steps": FETCHED if comes else STEPS,
        "next_look": next_look(loaded),
        "plain": lambda amount: decimal_text(amount, order.currency),
        "due": max(amount_due(order), 0),
        "refundable": refundable(order),
        "tenders": [asdict(one) | {"left": left} for one, left in tenders(order)],
        "by_hand": MANUAL,
        "wallets": WALLETS,
        "ready": lambda line: ready(line, order.terms.steps),
        "to_do": to_do(whole["deliveries"]),
        "methods": methods(desk, asked) if doing == "payment-method" else [],
        "people": people(desk) if doing == "assign" else [],
        "parcels": _parcels(asked) if doing == "ship" else 0,
        "boxes": _boxes(desk) if doing == "ship" else [],
        "past": None,
        "policies": [(code, asked.tongue.say(word)) for code, word in words.POLICY.items()],
        "shop_today": asked.tongue.today,
    }
    return Screen("orders/page.html.j2", values | more)


def past_screen(asked: Asked, then: Past, arn: str, desk: OrderDesk) -> Screen:
    """The page of an order as it was at an instant: nothing is done there."""
    whole = past_answer(then, arn)
    values = shown(asked, whole, desk) | {
        "past": whole["as_of"],
        "doing": "",
        "way": [],
        "step": None,
        "papers": None,
        "back": {},
    }
    return Screen("orders/page.html.j2", values)


def shown(asked: Asked, whole: dict[str, Any], desk: OrderDesk) -> dict[str, Any]:
    """What the page shows of an order whether it is of now or of then."""
    tongue = asked.tongue
    times = _times(whole["history"])
    axes = [
        (name, tongue.word(family, whole[name]), kind_of(family, whole[name]), times.get(name, ""))
        for family, name in AXES
    ]
    return {
        "order": whole,
        "axes": axes,
        "steps_of_goods": whole["terms"].get("steps", "ship"),
        "kind_of": kind_of,
        "here": address_of(whole["order_id"]),
        "entries": timeline(asked, whole, desk.staff_names),
        "filters": filters(asked),
        "states": STATES,
        "console": console_address(whole["execution_arn"] or ""),
        "words": words,
        "N_": N_,
        "carrier_name": carrier_name,
        "mail_title": lambda event: tongue.say(MAILS[event]) if event in MAILS else event.replace("_", " "),
        "known": lambda family, code: words.say(tongue, getattr(words, family), code),
        "options": lambda family: words.options(tongue, getattr(words, family)),
        "finding": lambda found: finding_text(
            found["field"], found["what"], found.get("expected", ()), tongue.speech
        ),
        "staff_name": lambda actor: next(iter(desk.staff_names(actor)), actor),
        "labels": [(str(code), tongue.word("LABEL", code)) for code in Label],
    }


def _parcels(asked: Asked) -> int:
    """How many parcels the form of a shipment has; 0 is the form of one."""
    text = asked.word("parcels")
    return min(int(text), MOST_PARCELS) if text.isascii() and text.isdecimal() and len(text) < 4 else 0


def _boxes(desk: OrderDesk) -> list[tuple[str, str]]:
    """The shop's boxes with what they are called, to choose from."""
    size = "{0.name} ({0.length_mm} × {0.width_mm} × {0.height_mm} mm)"
    return [(one.code, size.format(one)) for one in desk.settings().section("parcels")[0].boxes]


def to_do(deliveries: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    """Line → units that are to be picked, and to be packed, over all delivery orders."""
    found: dict[str, dict[str, int]] = {}
    for line in (line for one in deliveries for line in one["lines"]):
        counts = found.setdefault(line["line_id"], {"pick": 0, "pack": 0})
        counts["pick"] += line["ready"] - line["picked"]
        counts["pack"] += line["picked"] - line["packed"]
    return found


def ready(line: dict[str, Any], steps: str) -> int:
    """Units of a line that may leave now, by the steps that they have to go before."""
    if steps in BEFORE:
        return int(line[BEFORE[steps][0]])
    return int(min(line["to_ship"], line["allocated"]) if line["tracked"] else line["to_ship"])


def methods(desk: OrderDesk, asked: Asked) -> list[tuple[str, str]]:
    """The ways to pay that the shop offers and that can be begun after the placing: code and title."""
    wanted = [m for m in Method if m not in (Method.REQUEST, Method.STORE_CREDIT)]
    found = desk.settings().sections([f"payments.{method}" for method in wanted])
    offered = [(method, found[f"payments.{method}"]) for method in wanted]
    return [
        (str(method), one.title.of(asked.tongue.code) or asked.tongue.word("METHOD", method))
        for method, one in offered
        if one.enabled
    ]


def people(desk: OrderDesk) -> list[str]:
    """Whom an order can be given to: the shop's salespeople and teams."""
    sales = desk.settings().section("sales")[0]
    return [one.name for one in (*sales.people, *sales.teams)]


def whole_of(desk: OrderDesk, order: Order) -> str:
    """The execution's name for an order of the past."""
    office = desk.office()
    return office.execution_arn(order.order_id, order.run) if order.run else ""


def _times(history: list[dict[str, Any]]) -> dict[str, str]:
    """Axis → when it moved last."""
    found = {}
    for fact in history:
        for axis, types in MOVED_BY.items():
            if fact["type"] in types:
                found[axis] = str(fact["at"])
    return found
