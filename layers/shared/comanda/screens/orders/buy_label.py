"""Buying a label: parcels are described, carriers' prices compared, one of them bought."""

import json
from typing import Any

from comanda.backoffice.bodies_labels import BuyLabelBody, RatesBody
from comanda.backoffice.shipping_labels import LabelDesk
from comanda.errors import Invalid, Problem
from comanda.fulfilment.address_check import address_answer
from comanda.fulfilment.consign import MOST_PARCELS
from comanda.fulfilment.labels.want import buying
from comanda.fulfilment.units import leaves
from comanda.orders.decision import Loaded
from comanda.orders.guards import GUARDS
from comanda.orders.shipping_labels import under_labels
from comanda.screens.house.answers import Answer, Goto, Screen
from comanda.screens.house.asked import Asked, Given
from comanda.screens.house.routing import House
from comanda.screens.orders.choices import reason_against
from comanda.screens.orders.desk import OrderDesk
from comanda.screens.orders.page import address_of, shown
from comanda.screens.orders.reading import body_of, ticked, units, whole
from comanda.screens.orders.run import run
from comanda.screens.orders.shipping_labels import service_name

BY_HAND = "manual"
MEASURES = ("weight_grams", "length_mm", "width_mm", "height_mm")


def hang_buying(house: House, desk: OrderDesk) -> None:
    @house.get("/orders/<order_id>/labels/new", "orders.write")
    def new(asked: Asked, order_id: str) -> Answer:
        return _page(asked, desk, order_id, {})

    @house.post("/orders/<order_id>/labels/new", "orders.write")
    def compare(asked: Asked, order_id: str) -> Answer:
        """What carriers ask for these parcels; nothing is changed."""
        try:
            found = _offers(asked, desk, order_id)
        except Problem as problem:
            return _page(asked, desk, order_id, asked.form, problem)
        return _page(asked, desk, order_id, asked.form, offers=found)

    @house.post("/orders/<order_id>/labels/buy", "orders.write")
    def buy(asked: Asked, order_id: str) -> Answer:
        try:
            done = _bought(asked, desk, order_id)
        except Problem as problem:
            return _page(asked, desk, order_id, asked.form, problem)
        return Goto(address_of(order_id), done)


def sellers(labels: LabelDesk) -> bool:
    """Whether any account that is switched on sells labels."""
    return any(code != BY_HAND for code in labels.codes())


def label_way(asked: Asked, loaded: Loaded, labels: LabelDesk) -> str:
    """What an order's page leads to: `buy` one, `set-up` for who may, or nothing, as for what is fetched."""
    if (
        not asked.staff.may("orders.write")
        or not loaded.text("shipping")
        or any(guard.forbids(loaded.order) for guard in GUARDS["buy-label"])
    ):
        return ""
    if sellers(labels):
        return "buy" if _rows(loaded) else ""
    return "set-up" if asked.staff.may("settings.write") else ""


def _offers(asked: Asked, desk: OrderDesk, order_id: str) -> dict[str, Any]:
    body = body_of(RatesBody, {"parcels": _parcels(asked, desk, order_id)})
    return desk.labels().offers(order_id, [one.parcel() for one in body.parcels], 0)


def _bought(asked: Asked, desk: OrderDesk, order_id: str) -> str:
    labels, settings = desk.labels(), desk.labels().settings()
    account, carrier, service = _rate(asked.field("rate"))
    ticks = {name: ticked(asked, name) for name in ("ship", "notify", "address_ok")}
    named = {"account": account, "carrier": carrier, "service": service}
    body = body_of(BuyLabelBody, {"parcels": _parcels(asked, desk, order_id)} | named | ticks)
    wish = body.buying(
        labels.account_for(body.account, body.carrier), ship=settings.ship, form=settings.format
    )
    decide = buying(wish, asked.origin.at)
    done = run(desk.office(), asked, "buy-label", order_id, decide, body.model_dump(mode="json"))
    count = len(done.result["label_ids"])
    return asked.tongue.say_many(
        "%(n)s label is being bought: open the page again in a moment.",
        "%(n)s labels are being bought: open the page again in a moment.",
        count,
    )


def _rate(text: str) -> list[str]:
    """Account, carrier and service of a button. Raises Invalid."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not (isinstance(found, list) and len(found) == 3 and all(isinstance(one, str) for one in found)):
        raise Invalid.at("/rate", "choose one of the prices")
    return found


def _parcels(asked: Asked, desk: OrderDesk, order_id: str) -> list[dict[str, Any]]:
    """The parcels of the form; one that has no weight of its own weighs its articles and its box."""
    known = {line.line_id: line.weight_grams for line in desk.office().desk.load(order_id).order.lines}
    return [_parcel(asked, desk, n, known) for n in range(_count(asked.form, ""))]


def _parcel(asked: Asked, desk: OrderDesk, number: int, known: dict[str, int]) -> dict[str, Any]:
    of = f"parcels.{number}."
    lines = units(asked, of)
    if not lines:
        raise Invalid.at(f"/parcels/{number}/lines", asked.tongue.say("say how many units"))
    typed = {
        name: whole(asked, asked.field(of + name), f"/parcels/{number}/{name}")
        for name in MEASURES
        if asked.field(of + name)
    }
    boxes = {one.code: one for one in desk.settings().section("parcels")[0].boxes}
    box = boxes.get(asked.field(f"{of}box"))
    sizes = {name: typed.get(name) or getattr(box, name, 0) for name in MEASURES[1:]}
    tare = box.tare_grams if box else desk.labels().settings().box.weight_grams
    weights = [known.get(one["line_id"], 0) * one["quantity"] for one in lines]
    weighed = tare + sum(weights) if all(weights) else None
    return {"lines": lines, **sizes, "weight_grams": typed.get("weight_grams") or weighed}


def _count(form: dict[str, list[str]], text: str) -> int:
    """How many parcels the form has, or is to have."""
    if form:
        return next(n for n in range(MOST_PARCELS + 1) if f"parcels.{n}.weight_grams" not in form) or 1
    many = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 1
    return max(1, min(many, MOST_PARCELS))


def _page(
    asked: Asked,
    desk: OrderDesk,
    order_id: str,
    form: dict[str, list[str]],
    problem: Problem | None = None,
    offers: dict[str, Any] | None = None,
) -> Screen:
    loaded, answered = desk.office().whole(order_id)
    to, settings = f"{address_of(order_id)}/labels/new", desk.labels().settings()
    carriers = {one["carrier"] for one in (offers or {}).get("rates", ())}
    checks = [address_answer(loaded, one) for one in ("", *sorted(carriers))]
    size = "{0.name} ({0.length_mm} × {0.width_mm} × {0.height_mm} mm)"
    values = shown(asked, answered, desk) | {
        "to": to,
        "parcels": _count(form, asked.word("parcels")),
        "rows": _rows(loaded),
        "usual": settings.box.model_dump(),
        "boxes": [(one.code, size.format(one)) for one in desk.settings().section("parcels")[0].boxes],
        "ship_at_once": settings.ship,
        "sells": sellers(desk.labels()),
        "hindered": reason_against("buy-label", loaded.order, asked) or _unaddressed(asked, loaded),
        "offers": offers,
        "service_name": service_name,
        "rate_of": lambda one: json.dumps([one["account"], one["carrier"], one["service"]]),
        "copied": [(name, text[-1]) for name, text in form.items() if name.startswith("parcels.")],
        "check": checks[0],
        "unusable": any(one and one["verdict"] == "unusable" and not one["fine"] for one in checks),
        "carrier_check": dict(zip(("", *sorted(carriers)), checks, strict=True)),
    }
    given = Given(to, form) if form else None
    return Screen("orders/buy_label.html.j2", values, problem=problem, given=given)


def _unaddressed(asked: Asked, loaded: Loaded) -> str:
    return "" if loaded.text("shipping") else asked.tongue.say("The order has no address.")


def _rows(loaded: Loaded) -> list[dict[str, Any]]:
    """Lines with the units that may leave and have no label yet."""
    order, under = loaded.order, under_labels(loaded.order)
    free = ((line, leaves(order, line) - under.get(line.line_id, 0)) for line in order.lines)
    return [
        {"line_id": line.line_id, "name": line.name, "sku": line.sku, "free": units}
        for line, units in free
        if units > 0
    ]
