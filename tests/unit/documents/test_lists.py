"""Pick lists and hand-over lists: what stands on them, and what real readers make of it."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.documents.kinds import Format, ListKind
from comanda.documents.picking import pick_sheets
from comanda.documents.typeset.codes import FINE, ROOM, label
from comanda.errors import WrongState
from comanda.orders.model import Component, Held
from comanda.orders.picks import Pick, picks_of
from comanda.settings.sections import Stock
from comanda.stock.model import Product
from tests.unit.conversation.samples import CONTACT, lines
from tests.unit.documents.lists import AT, Shelf, aside, pdf, sent, told
from tests.unit.documents.papers import LONG, SETTINGS, codes_of, many, printed, text_of

MUG, RUG = (aside(line) for line in lines())
BINS = Shelf({MUG.sku: "A-10", RUG.sku: "A-2"})
ORDERS = [printed(number="P-000001", lines=(MUG, RUG)), printed(number="P-000002", lines=(MUG,))]


def rows(orders: list, shelf: Shelf = BINS) -> list:
    [sheet] = told(ListKind.PICK_LIST, orders, shelf)["sheets"]
    return [(*row["cells"][1:4], *row["under"]) for row in sheet["rows"]]


@pytest.mark.capability("D09", "D10")
def test_products_stand_once_by_their_bins_with_the_orders_they_are_for() -> None:
    assert rows(ORDERS) == [
        ("1", "A-2", RUG.name, RUG.sku, "1 × P-000001"),
        ("4", "A-10", MUG.name, MUG.sku, "2 × P-000001 · 2 × P-000002"),
    ]


def test_what_lies_in_no_bin_comes_last() -> None:
    assert [row[1] for row in rows(ORDERS, Shelf({MUG.sku: "Z-9"}))] == ["Z-9", ""]


def test_what_has_left_or_waits_for_stock_is_not_fetched() -> None:
    mug = aside(replace(MUG, quantity=5, shipped=2, backordered=1))
    assert picks_of(printed(lines=(mug,)).order, "main") == (Pick(mug.sku, "main", 2, "P-000123", mug.name),)


def test_what_was_picked_before_is_not_fetched_again() -> None:
    mug = aside(replace(MUG, quantity=5, picked=2))
    loose = replace(RUG, tracked=False, quantity=3, picked=3, allocated=0)
    kit = aside(replace(MUG, line_id="k", sku="KIT", quantity=3, picked=1, components=(Component("CUP", 2),)))
    found = picks_of(printed(lines=(mug, loose, kit)).order, "main")
    assert [(pick.sku, pick.units) for pick in found] == [(mug.sku, 3), ("CUP", 4)]


def test_of_a_bundle_its_components_are_fetched_and_what_nobody_counts_too() -> None:
    parts = (Component("CUP", 2), Component("CARD", 1, tracked=False))
    kit = aside(replace(MUG, sku="KIT", quantity=3, shipped=1, components=parts))
    found = picks_of(
        printed(lines=(kit, replace(RUG, tracked=False, allocated=0, location=""))).order, "main"
    )
    assert [(pick.sku, pick.location, pick.units) for pick in found] == [
        ("CUP", "main", 4), ("CARD", "main", 2), (RUG.sku, "main", 1),
    ]  # fmt: skip


def test_more_products_than_one_person_fetches_are_shared_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comanda.documents.picking.MOST_ROWS", 2)
    order = printed(lines=tuple(aside(line) for line in many(5)))
    sheets = told(ListKind.PICK_LIST, [order], Shelf({}))["sheets"]
    assert [dict(map(tuple, one["facts"]))["Parte"] for one in sheets] == ["1 de 3", "2 de 3", "3 de 3"]
    assert [row["code"] for one in sheets for row in one["rows"]] == [f"SKU-{n:04d}" for n in range(5)]


def test_units_that_lie_in_two_places_are_fetched_in_each_on_a_sheet_of_its_own() -> None:
    held = (Held(MUG.sku, "north", 0, 0, 1), Held(MUG.sku, "main", 0, 1, 1))
    order = printed(lines=(replace(MUG, quantity=3, held=held),))
    sheets = told(ListKind.PICK_LIST, [order], BINS)["sheets"]
    assert [(one["facts"][0][1], one["facts"][2][1]) for one in sheets] == [("main", "2"), ("north", "1")]


def test_the_shop_calls_its_products_as_it_does_now() -> None:
    named = Shelf({}, {MUG.sku: Product(MUG.sku, {"es": "Taza nueva", "en": "New mug"}, 1)})
    [sheet] = told(ListKind.PICK_LIST, [ORDERS[1]], named, language="en")["sheets"]
    assert sheet["rows"][0]["cells"][3] == "New mug"
    assert sheet["title"] == "Pick list"


@pytest.mark.parametrize(
    ("changes", "guard"),
    [
        ({"approved": False}, "not-approved"),
        ({"ledger": ()}, "not-paid"),
        ({"lines": (aside(replace(MUG, shipped=2)),)}, "nothing-to-pick"),
        ({"lines": ()}, "nothing-to-pick"),
    ],
)
def test_nothing_is_fetched_that_may_not_leave(changes: dict, guard: str) -> None:
    with pytest.raises(WrongState) as refused:
        told(ListKind.PICK_LIST, [printed(**{"lines": (MUG,)} | changes)], BINS)
    assert refused.value.extra["guard"] == guard


PICKS = st.builds(
    Pick,
    sku=st.sampled_from(["A", "B", "C"]),
    location=st.sampled_from(["main", "north"]),
    units=st.integers(1, 9),
    number=st.sampled_from(["P-1", "P-2", "P-3"]),
    name=st.just("x"),
)


@given(st.lists(PICKS, max_size=20))
def test_no_unit_is_lost_or_told_twice(picks: list[Pick]) -> None:
    wanted: Counter[tuple[str, str, str]] = Counter()
    for pick in picks:
        wanted[pick.location, pick.sku, pick.number] += pick.units
    found: Counter[tuple[str, str, str]] = Counter()
    for sheet in pick_sheets(picks, BINS, SETTINGS | {"stock": Stock()}, "es", AT):
        for row in sheet.rows:
            shares = re.findall(r"(\d+) × (P-\d)", row.under[1])
            assert int(row.cells[1]) == sum(int(units) for units, _ in shares)
            for units, number in shares:
                found[sheet.facts[0][1], row.code, number] += int(units)
        assert sheet.facts[2][1] == str(sum(int(row.cells[1]) for row in sheet.rows))
    assert found == wanted


@pytest.mark.capability("D29", "D30")
@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("format", Format)
def test_a_pick_list_shows_no_amount_and_no_person(format: Format, language: str) -> None:
    text = text_of(pdf(told(ListKind.PICK_LIST, ORDERS, BINS, format, language)))
    for part in ("Lista de surtido" if language == "es" else "Pick list", "A-10", MUG.sku, "P-000002"):
        assert part in text
    assert not re.search(r"\$|\d[.,]\d\d\b|@", text), text
    assert CONTACT["name"] not in text


@pytest.mark.capability("D10")
@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("format", Format)
def test_every_products_code_is_read_from_the_page(format: Format, dpi: int, tmp_path: Path) -> None:
    codes = ["1", "TAZA-NEGRA-18", "7501031311309", "abc/9_x.2", "A" * 19]
    order = printed(lines=tuple(replace(MUG, line_id=code, sku=code, name=LONG) for code in codes))
    found = codes_of(pdf(told(ListKind.PICK_LIST, [order], BINS, format)), dpi, tmp_path)
    assert found == sorted(("CODE-128", code) for code in codes)


@pytest.mark.parametrize("sku", ["X" * 80, "camión", "日本"])
def test_a_code_that_cannot_be_drawn_leaves_its_place_empty(sku: str) -> None:
    assert label(sku) is None
    order = printed(lines=(replace(MUG, sku=sku),))
    assert MUG.name in text_of(pdf(told(ListKind.PICK_LIST, [order], BINS)))


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=80))
def test_modules_are_never_finer_than_a_printer_can(sku: str) -> None:
    drawn = label(sku)
    if drawn is not None:
        modules = int(re.search(r'viewBox="0 0 (\d+) ', str(drawn["svg"]))[1])  # type: ignore[index]
        assert float(str(drawn["width"])) / modules >= FINE - 0.001
        assert float(str(drawn["width"])) <= ROOM


def test_sixty_products_take_pages_that_are_counted_and_keep_their_head() -> None:
    order = printed(lines=tuple(aside(line) for line in many()))
    text = text_of(pdf(told(ListKind.PICK_LIST, [order], BINS)))
    pages = int(re.findall(r"Lista de surtido · Página 1 de (\d)", text)[0])
    assert text.count("Unidades Anaquel Artículo") >= pages - 1 >= 3
    assert all(f"SKU-{n:04d}" in text for n in range(60))


@pytest.mark.capability("D14")
def test_a_hand_over_list_has_a_sheet_for_each_carrier_with_the_count_of_its_parcels() -> None:
    orders = [
        sent("P-000001", "estafeta", "320500001"),
        sent("P-000002", "dhl", "JD0146"),
        sent("P-000003", "estafeta", "320500002"),
    ]
    sheets = told(ListKind.HAND_OVER, orders, BINS)["sheets"]
    assert [dict(map(tuple, one["facts"])) for one in sheets] == [
        {"Paquetería": "DHL", "Bultos": "1"},
        {"Paquetería": "Estafeta", "Bultos": "2"},
    ]
    assert [row["cells"][1:] for row in sheets[1]["rows"]] == [
        ("1", "320500001", "P-000001"),
        ("2", "320500002", "P-000003"),
    ]


@pytest.mark.parametrize("format", Format)
def test_whoever_takes_the_parcels_signs_and_reads_no_address_of_mail(format: Format) -> None:
    text = text_of(pdf(told(ListKind.HAND_OVER, [sent("P-000001", "estafeta", "320500001")], BINS, format)))
    for part in ("Relación de entrega", "22 de noviembre de 2026", "320500001", "Recibió por la paquetería"):
        assert part in text
    assert not re.search(r"\$|@", text)
    assert CONTACT["phone"] not in text


def test_a_parcel_belongs_to_the_day_on_which_it_left_in_the_shops_zone() -> None:
    evening = sent("P-000001", "dhl", "1", "2026-11-23T04:30:00.000Z")  # 22:30 of the 22nd in Mexico
    assert told(ListKind.HAND_OVER, [evening], BINS, day="2026-11-22")["sheets"]
    with pytest.raises(WrongState) as refused:
        told(ListKind.HAND_OVER, [evening], BINS, day="2026-11-23")
    assert refused.value.extra["guard"] == "not-sent-then"


def test_the_same_list_twice_is_the_same_file() -> None:
    assert pdf(told(ListKind.PICK_LIST, ORDERS, BINS)) == pdf(told(ListKind.PICK_LIST, ORDERS, BINS))
