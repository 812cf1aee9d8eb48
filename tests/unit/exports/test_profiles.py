"""The columns: what each holds, and that the documentation names exactly these."""

import csv
import io
import re
from pathlib import Path

import pytest

from comanda.exports.profiles import LINE_COLUMNS, ORDER_COLUMNS, header
from comanda.exports.sheet import Sheet
from comanda.orders.decision import Loaded
from comanda.orders.model import Order, Totals
from comanda.orders.vocabulary import Lifecycle
from tests.unit.exports.made import AT, MEXICO, line, loaded, order

pytestmark = pytest.mark.capability("A17", "A18")


def rows(one: Loaded, profile: str = "lines", event: str = "new") -> list[dict[str, str]]:
    sheet = Sheet(profile, "machine", ",", MEXICO)
    sheet.add(one, event)
    return list(csv.DictReader(io.StringIO(sheet.take().decode(), newline=""), strict=True))


def test_the_documentation_lists_the_columns_in_their_order() -> None:
    text = Path("docs/exports.md").read_text()
    documented = re.findall(r"^\| `(\w+)` \| (both|lines) \| (text|number) \|", text, re.M)
    both = [(column.name, "both", "number" if column.number else "text") for column in ORDER_COLUMNS]
    only = [(column.name, "lines", "number" if column.number else "text") for column in LINE_COLUMNS]
    assert documented == both + only


def test_no_column_name_is_used_twice() -> None:
    names = header("lines")
    assert len(names) == len(set(names))


def test_an_order_in_one_row() -> None:
    one = order(delivery_slot="Sábado 9–13 h", assigned="Zoé", tags=("regalo", "vip"))
    (row,) = rows(loaded(one, purchase_order="OC-77", fields={"gift": True}), "orders")
    assert row == {
        "event": "new",
        "number": "P-000123",
        "order_id": "order-1",
        "order_version": "3",
        "created_at": AT,
        "created_local": "2026-11-21 12:04:05",
        "updated_at": AT,
        "channel": "web",
        "lifecycle": "placed",
        "payment": "none",
        "fulfilment": "unfulfilled",
        "returns": "none",
        "approved": "false",
        "cancel_reason": "",
        "customer_name": "Ana Muñoz Ibáñez",
        "customer_email": "ana@example.com",
        "customer_phone": "+525512345678",
        "customer_company": "",
        "customer_tax_id": "",
        "shipping_line1": "Av. Álvaro Obregón 45, int. 3",
        "shipping_line2": "",
        "shipping_city": "Cuauhtémoc",
        "shipping_state": "CDMX",
        "shipping_postal_code": "06700",
        "shipping_country": "MX",
        "billing_line1": "",
        "billing_line2": "",
        "billing_city": "",
        "billing_state": "",
        "billing_postal_code": "",
        "billing_country": "",
        "delivery": "ship",
        "delivery_slot": "Sábado 9–13 h",
        "payment_method": "bank_transfer",
        "currency": "MXN",
        "subtotal": "116.00",
        "discount": "10.00",
        "surcharge": "2.50",
        "shipping": "99.00",
        "tax": "29.66",
        "total": "207.50",
        "tax_included": "true",
        "discount_code": "",
        "purchase_order": "OC-77",
        "comment": "",
        "form_fields": '{"gift":true}',
        "assigned": "Zoé",
        "tags": "regalo vip",
        "line_count": "1",
    }


def test_a_row_for_each_line_repeats_the_order() -> None:
    second_line = line("l2", "TE-1", name='Té "verde"', quantity=1, shipped=1, tax_ppm=82_500)
    lines = (line(promised_at="2026-12-24"), second_line)
    first, second = rows(loaded(order(lines=lines)))
    assert [first["sku"], second["sku"]] == ["CAFE-1", "TE-1"]
    assert {name: (first[name], second[name]) for name in ("number", "total", "line_count")} == {
        "number": ("P-000123", "P-000123"),
        "total": ("207.50", "207.50"),
        "line_count": ("2", "2"),
    }
    assert (second["name"], second["quantity"], second["line_shipped"]) == ('Té "verde"', "1", "1")
    assert (first["unit_price"], first["line_subtotal"], first["line_total"]) == ("58.00", "116.00", "116.00")
    assert (first["line_tax_rate"], second["line_tax_rate"]) == ("16", "8.25")
    assert (first["line_promised_at"], second["line_promised_at"]) == ("2026-12-24", "")


@pytest.mark.parametrize(
    ("currency", "total", "text"),
    [("MXN", 5, "0.05"), ("JPY", 1250, "1250"), ("KWD", 1250, "1.250"), ("MXN", 10**12, "10000000000.00")],
)
def test_amounts_are_plain_decimals_of_the_currency(currency: str, total: int, text: str) -> None:
    totals = Totals(total, 0, 0, 0, 0, total, True)
    (row,) = rows(loaded(order(currency=currency, totals=totals)), "orders")
    assert row["total"] == text


def test_a_cancelled_order_says_why() -> None:
    one: Order = order(lifecycle=Lifecycle.CANCELLED, cancel_reason="unpaid", approved=True)
    (row,) = rows(loaded(one), "orders", "cancelled")
    assert (row["event"], row["lifecycle"], row["cancel_reason"]) == ("cancelled", "cancelled", "unpaid")
    assert row["approved"] == "true"


def test_erased_texts_leave_empty_cells() -> None:
    (row,) = rows(Loaded(order(), {}), "orders")
    assert (row["customer_name"], row["shipping_line1"], row["comment"]) == ("", "", "")


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(ValueError, match="no export profile"):
        header("everything")
