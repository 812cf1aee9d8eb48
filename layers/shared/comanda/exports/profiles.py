"""The columns of each profile, by name. Names and meanings are promised in docs/exports.md."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from comanda.canonical import canonical
from comanda.money import decimal_text
from comanda.orders.decision import Loaded
from comanda.orders.model import Line, Order
from comanda.times import moment

PROFILES = ("orders", "lines")


@dataclass(frozen=True, slots=True)
class Source:
    """An order as a row is made of it."""

    order: Order
    contact: dict[str, Any]
    shipping: dict[str, Any]
    billing: dict[str, Any]
    texts: dict[str, Any]
    event: str
    zone: tzinfo

    @classmethod
    def of(cls, loaded: Loaded, event: str, zone: tzinfo) -> "Source":
        texts = loaded.personal
        shipping = texts.get("shipping") or {}
        return cls(
            order=loaded.order,
            contact=texts.get("contact") or {},
            shipping=shipping,
            billing=texts.get("billing") or {},
            texts=texts,
            event=event,
            zone=zone,
        )


@dataclass(frozen=True, slots=True)
class Column[T]:
    """`number` cells are plain decimals and never touched by the spreadsheet mode."""

    name: str
    cell: Callable[[T], str]
    number: bool = False


type LineSource = tuple[Source, Line]


def _text(name: str) -> Column[Source]:
    return Column(name, lambda s: str(s.texts.get(name) or ""))


def _contact(name: str) -> Column[Source]:
    return Column(f"customer_{name}", lambda s: str(s.contact.get(name) or ""))


def _shipping(name: str) -> Column[Source]:
    return Column(f"shipping_{name}", lambda s: str(s.shipping.get(name) or ""))


def _billing(name: str) -> Column[Source]:
    return Column(f"billing_{name}", lambda s: str(s.billing.get(name) or ""))


def _total(name: str) -> Column[Source]:
    return Column(name, lambda s: decimal_text(getattr(s.order.totals, name), s.order.currency), number=True)


def _amount(name: str, field: str) -> Column[LineSource]:
    return Column(name, lambda s: decimal_text(getattr(s[1], field), s[0].order.currency), number=True)


def _units(name: str, field: str) -> Column[LineSource]:
    return Column(name, lambda s: str(getattr(s[1], field)), number=True)


def _yes(value: bool) -> str:
    return "true" if value else "false"


def _local(stamp: str, zone: tzinfo) -> str:
    return moment(stamp).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def _percent(ppm: int) -> str:
    """Millionths as a plain percentage: 160000 → 16, 82500 → 8.25."""
    whole, rest = divmod(ppm, 10_000)
    return f"{whole}.{rest:04d}".rstrip("0") if rest else str(whole)


ADDRESS = ("line1", "line2", "city", "state", "postal_code", "country")

ORDER_COLUMNS: tuple[Column[Source], ...] = (
    Column("event", lambda s: s.event),
    Column("number", lambda s: s.order.number),
    Column("order_id", lambda s: s.order.order_id),
    Column("order_version", lambda s: str(s.order.version), number=True),
    Column("created_at", lambda s: s.order.created_at),
    Column("created_local", lambda s: _local(s.order.created_at, s.zone)),
    Column("updated_at", lambda s: s.order.updated_at),
    Column("channel", lambda s: s.order.channel),
    Column("lifecycle", lambda s: s.order.lifecycle),
    Column("payment", lambda s: s.order.payment),
    Column("fulfilment", lambda s: s.order.fulfilment),
    Column("returns", lambda s: s.order.returns),
    Column("approved", lambda s: _yes(s.order.approved)),
    Column("cancel_reason", lambda s: s.order.cancel_reason),
    *(_contact(name) for name in ("name", "email", "phone", "company", "tax_id")),
    *(_shipping(name) for name in ADDRESS),
    *(_billing(name) for name in ADDRESS),
    Column("delivery", lambda s: s.order.delivery),
    Column("delivery_slot", lambda s: s.order.delivery_slot),
    Column("payment_method", lambda s: s.order.method),
    Column("currency", lambda s: s.order.currency),
    *(_total(name) for name in ("subtotal", "discount", "surcharge", "shipping", "tax", "total")),
    Column("tax_included", lambda s: _yes(s.order.totals.tax_included)),
    Column("discount_code", lambda s: s.order.discount_code),
    _text("purchase_order"),
    _text("comment"),
    Column("form_fields", lambda s: canonical(s.texts["fields"]) if s.texts.get("fields") else ""),
    Column("assigned", lambda s: s.order.assigned),
    Column("tags", lambda s: " ".join(s.order.tags)),
    Column("line_count", lambda s: str(len(s.order.lines)), number=True),
)

LINE_COLUMNS: tuple[Column[LineSource], ...] = (
    Column("line_id", lambda s: s[1].line_id),
    Column("sku", lambda s: s[1].sku),
    Column("barcode", lambda s: s[1].barcode),
    Column("name", lambda s: s[1].name),
    _units("quantity", "quantity"),
    _amount("unit_price", "unit_price"),
    _amount("line_subtotal", "subtotal"),
    _amount("line_discount", "discount"),
    Column("line_tax_rate", lambda s: _percent(s[1].tax_ppm), number=True),
    _amount("line_tax", "tax"),
    _amount("line_total", "total"),
    _units("line_weight_grams", "weight_grams"),
    _units("line_shipped", "shipped"),
    _units("line_delivered", "delivered"),
    _units("line_cancelled", "cancelled"),
    _units("line_returned", "returned"),
    Column("line_promised_at", lambda s: s[1].promised_at),
)


def header(profile: str) -> list[str]:
    """The column names of a profile, in their order. Raises ValueError for an unknown profile."""
    if profile not in PROFILES:
        raise ValueError(f"there is no export profile {profile!r}")
    names = [column.name for column in ORDER_COLUMNS]
    return names + [column.name for column in LINE_COLUMNS] if profile == "lines" else names
