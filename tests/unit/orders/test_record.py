"""Stored data: what is written reads back the same, small, and readable by older and newer code."""

import json
from dataclasses import MISSING, fields
from typing import Any, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comanda.canonical import canonical
from comanda.orders import model
from comanda.orders.edits.change_set import OpenEdit
from comanda.orders.model import Ending, Line, Order, tracking_key
from comanda.orders.record import Record
from comanda.orders.vocabulary import Lifecycle, Method
from tests.examples import a_hold, a_line, a_shipment, an_entry, an_order

RECORDS = [
    one
    for one in vars(model).values()
    if isinstance(one, type) and issubclass(one, Record) and one is not Record
]
texts = st.text(max_size=6)


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a field's type."""
    if isinstance(hint, type) and issubclass(hint, Record):
        return records(hint)
    if hint == dict[str, str]:
        return st.dictionaries(texts, texts, max_size=2)
    if hint in (Ending | None, OpenEdit | None):
        return st.none() | records(Ending if hint == Ending | None else OpenEdit)
    if getattr(hint, "__origin__", None) is tuple:
        return st.lists(values(hint.__args__[0]), max_size=2).map(tuple)
    return st.from_type(hint) if hint not in (str, int) else {str: texts, int: st.integers()}[hint]


def records(kind: type[Record]) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{f.name: values(hints[f.name]) for f in fields(kind)})


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
@settings(deadline=None)  # a whole order takes its time to be drawn
@given(data=st.data())
def test_what_is_written_reads_back_the_same(kind: type[Record], data: st.DataObject) -> None:
    record = data.draw(records(kind))
    stored = json.loads(json.dumps(record.to_dict()))
    assert kind.from_dict(stored) == record
    assert kind.from_dict(stored).to_dict() == record.to_dict()


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_defaults_take_no_room(kind: type[Record]) -> None:
    required = {f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING}
    hints = get_type_hints(kind)
    plain = {name: "" if hints[name] is str else 0 for name in required}
    record = kind(**plain)
    assert set(record.to_dict()) == required


def test_keys_of_newer_writers_are_ignored_and_missing_ones_have_their_defaults() -> None:
    stored = a_line().to_dict() | {"invented_later": [1, 2]}
    assert Line.from_dict(stored) == a_line()
    del stored["location"]
    assert Line.from_dict(stored).location == ""


def test_an_order_in_parts_is_the_order_in_one() -> None:
    order = an_order(
        ledger=(an_entry("capture"), an_entry("intent", status="pending")),
        shipments=(a_shipment(),),
        holds=(a_hold(),),
        ending=Ending("cancelled", "unpaid", "system"),
    )
    snapshot = order.snapshot()
    assert "ledger" not in snapshot
    assert "shipments" not in snapshot
    parts = ([e.to_dict() for e in order.ledger], [s.to_dict() for s in order.shipments])
    again = Order.from_parts(json.loads(canonical(snapshot)), *parts)
    assert again == order
    assert isinstance(again.lifecycle, Lifecycle)
    assert isinstance(again.method, Method)
    assert hash(again.ledger) == hash(order.ledger)


def test_a_snapshot_of_eighty_lines_stays_under_32_kilobytes() -> None:
    """Long names and every counter in use: what a big order weighs."""
    busy = {
        name: 99
        for name in ("reserved", "allocated", "picked", "shipped", "delivered", "cancelled", "returned")
    }
    lines = tuple(
        a_line(
            f"l{n}",
            f"SKU-{n:012d}",
            1000,
            name="Café molido de Chiapas 500 g",
            tax=1,
            tax_ppm=160_000,
            **busy,
        )
        for n in range(80)
    )
    assert len(canonical(an_order(lines=lines).snapshot()).encode()) < 32 * 1024


def test_tracking_numbers_are_compared_as_people_write_them() -> None:
    assert tracking_key(" jd 0001\t2 ") == "JD00012" == a_shipment(tracking_number="JD00012").tracking_key
