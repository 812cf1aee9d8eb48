"""What mails and pages show of an order: everything already in the reader's words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from comanda.conversation.parcels import ParcelView, parcel_views, waiting_contents
from comanda.conversation.pickup import PickupView, pickup_view
from comanda.conversation.speech import Speech
from comanda.conversation.state import amount_due, state_sentence
from comanda.conversation.texts import address_lines, field_rows, method_title, reason_text
from comanda.conversation.urls import web_address
from comanda.links.keys import Keys
from comanda.orders.balance import balance
from comanda.orders.decision import Loaded
from comanda.orders.model import Charge, Line, Order
from comanda.workflow.judge import pay_by

type Sections = Mapping[str, Any]


class Settings(Protocol):
    """Where sections are read."""

    def sections(self, names: Iterable[str]) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class ShopView:
    name: str
    url: str
    logo_url: str
    reply_to: str


@dataclass(frozen=True, slots=True)
class LineView:
    name: str
    sku: str
    quantity: int
    unit_price: str
    total: str  # before the discount, so that the lines add up to the subtotal
    progress: str  # where its units are; empty while nothing has moved


@dataclass(frozen=True, slots=True)
class AmountView:
    label: str
    amount: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class ContactView:
    name: str
    email: str
    phone: str
    company: str
    tax_id: str


@dataclass(frozen=True, slots=True)
class OrderView:
    """`order` stays for decisions; what people read is in the other fields."""

    order: Order
    speech: Speech
    shop: ShopView
    number: str
    placed_at: str
    state: str
    lines: tuple[LineView, ...]
    articles: int
    totals: tuple[AmountView, ...]
    total: str
    paid: str
    due: str
    due_amount: int
    contact: ContactView
    shipping: tuple[str, ...]
    billing: tuple[str, ...]
    delivery: str
    method: str
    instructions: str
    pay_by: str  # else the order is cancelled; empty once goods left or wait to be paid at the counter
    due_at: str  # of an order on terms
    fields: tuple[tuple[str, str], ...]
    comment: str
    purchase_order: str
    reason: str
    parcels: tuple[ParcelView, ...]
    to_come: tuple[tuple[int, str], ...]
    pickup: PickupView | None  # what waits at the shop


def section_names(order: Order) -> list[str]:
    """The settings that a view of this order reads."""
    return ["shop", "checkout", "shipping", "notifications", f"payments.{order.method}"]


def speech_for(sections: Sections, locale: str) -> Speech:
    """How to speak to a reader of `locale` in this shop."""
    shop = sections["shop"]
    return Speech(locale, shop.country, shop.time_zone)


def shop_view(sections: Sections) -> ShopView:
    shop = sections["shop"]
    reply_to = sections["notifications"].reply_to or "" if "notifications" in sections else ""
    return ShopView(shop.name, web_address(shop.url), web_address(shop.logo_url), reply_to)


def order_view(loaded: Loaded, sections: Sections, locale: str, *, keys: Keys | None = None) -> OrderView:
    """The order as a reader of `locale` is shown it; its customer, for whom the `keys` are, sees the code by
    which it is fetched."""
    order, speech = loaded.order, speech_for(sections, locale)
    contact = loaded.text("contact") or {}
    pay = sections[f"payments.{order.method}"]
    due = amount_due(order)
    return OrderView(
        order=order,
        speech=speech,
        shop=shop_view(sections),
        number=order.number,
        placed_at=speech.moment(order.created_at),
        state=state_sentence(order, speech),
        lines=tuple(_line(line, order, speech) for line in order.lines),
        articles=sum(line.wanted for line in order.lines) or sum(line.quantity for line in order.lines),
        totals=_totals(order, sections, speech),
        total=speech.money(order.totals.total, order.currency),
        paid=speech.money(balance(order.ledger).kept, order.currency),
        due=speech.money(due, order.currency),
        due_amount=due,
        contact=ContactView(**{name: str(contact.get(name) or "") for name in ContactView.__slots__}),
        shipping=address_lines(loaded.text("shipping"), speech),
        billing=address_lines(loaded.text("billing"), speech),
        delivery=_delivery(order, sections, locale),
        method=method_title(order.method, pay, speech),
        instructions=pay.instructions.of(speech.language) if due else "",
        pay_by=speech.moment(pay_by(order)) if due and pay_by(order) else "",
        due_at=speech.moment(order.terms.due_at) if due and order.terms.due_at else "",
        fields=field_rows(loaded.text("fields"), sections["checkout"].fields, speech),
        comment=str(loaded.text("comment") or ""),
        purchase_order=str(loaded.text("purchase_order") or ""),
        reason=reason_text(loaded, speech),
        parcels=parcel_views(order, loaded.personal, speech),
        to_come=waiting_contents(order),
        pickup=pickup_view(order, sections, speech, keys),
    )


def _line(line: Line, order: Order, speech: Speech) -> LineView:
    return LineView(
        name=line.name,
        sku=line.sku,
        quantity=line.quantity,
        unit_price=speech.money(line.unit_price, order.currency),
        total=speech.money(line.subtotal, order.currency),
        progress=_progress(line, speech),
    )


def _progress(line: Line, speech: Speech) -> str:
    told = []
    if line.backordered and line.to_ship:
        told.append(_promise(line, speech))
    if line.shipped > line.delivered:
        told.append(speech.say_many("%(n)d on its way", "%(n)d on their way", line.shipped - line.delivered))
    if line.delivered:
        told.append(speech.say_many("%(n)d delivered", "%(n)d delivered", line.delivered))
    if line.cancelled:
        told.append(speech.say_many("%(n)d cancelled", "%(n)d cancelled", line.cancelled))
    if line.returned:
        told.append(speech.say_many("%(n)d returned", "%(n)d returned", line.returned))
    return ", ".join(told)


def _promise(line: Line, speech: Speech) -> str:
    """What was sold beyond the stock, with its date if there is one."""
    n = line.backordered
    if not line.promised_at:
        return speech.say_many("%(n)d waiting for stock", "%(n)d waiting for stock", n)
    day = speech.date(line.promised_at)
    return speech.say_many("%(n)d promised by %(day)s", "%(n)d promised by %(day)s", n, day=day)


def _totals(order: Order, sections: Sections, speech: Speech) -> tuple[AmountView, ...]:
    """The sums as charged; a discount carries its sign, contained tax says that it is contained."""
    sums, currency = order.totals, order.currency
    rows = [AmountView(speech.say("Subtotal"), speech.money(sums.subtotal, currency))]
    for charge in order.charges:
        negative = charge.kind == "discount"
        amount = speech.money(-charge.amount if negative else charge.amount, currency)
        title = _charged(charge, order, sections, speech)
        label = speech.say("Discount (%(code)s)", code=title) if negative else title
        rows.append(AmountView(label, amount))
    if sums.tax and not sums.tax_included:
        rows.append(AmountView(speech.say("Tax"), speech.money(sums.tax, currency)))
    rows.append(AmountView(speech.say("Total"), speech.money(sums.total, currency), strong=True))
    if sums.tax and sums.tax_included:
        rows.append(AmountView(speech.say("Tax included"), speech.money(sums.tax, currency)))
    return tuple(rows)


def _charged(charge: Charge, order: Order, sections: Sections, speech: Speech) -> str:
    """What was charged, by the name that it had then; the way of delivery for a reader of the other language
    by its name there."""
    ways = (one.title for one in sections["shipping"].deliveries if one.code == charge.code)
    way = next(ways, None) if charge.kind == "shipping" else None
    same = way and charge.title == way.of(order.locale)
    return (way.of(speech.language) if way and same else "") or charge.title


def _delivery(order: Order, sections: Sections, locale: str) -> str:
    """The way of delivery with the chosen time, else with where and when the goods can be had."""
    offered = next((one for one in sections["shipping"].deliveries if one.code == order.delivery), None)
    charged = next((charge.title for charge in order.charges if charge.kind == "shipping"), "")
    title = (offered.title.of(locale) if offered else "") or charged or order.delivery
    place, hours = (offered.place.of(locale), offered.hours.of(locale)) if offered else ("", "")
    return ", ".join(part for part in (title, place, order.delivery_slot or hours) if part)
