"""What stands on a paper: the right words, the right figures, and no price on a slip."""

import json
import re
from dataclasses import replace

import pytest

from comanda.documents.build import sheet_of
from comanda.documents.kinds import Kind, check
from comanda.errors import WrongState
from comanda.orders.model import Component, Entry, Hold, Totals
from comanda.orders.vocabulary import Lifecycle
from comanda.settings.sections import Location, Shipping, Stock, Words
from tests.unit.conversation.samples import ADDRESS, lines, loaded, order, paid
from tests.unit.documents.papers import SETTINGS, many, printed, to_fetch

MONEY = re.compile(r"\$|\d+[.,]\d\d\b|MXN")


def cents(text: str) -> int:
    return int(re.sub(r"[^\d-]", "", text.replace("−", "-")))


def sheet(kind: Kind, of, language: str = "es"):
    return sheet_of(kind, of, SETTINGS, language)


def test_the_amounts_of_an_order_add_up_to_its_total() -> None:
    found = sheet(Kind.ORDER, printed())
    subtotal, *parts = [cents(one.amount) for one in found.sums if not one.strong][:3]
    total = next(cents(one.amount) for one in found.sums if one.strong)
    assert sum(cents(row.cells[-1]) for row in found.rows) == subtotal == 181_000
    assert subtotal + sum(parts) == total == 172_800
    assert [one.label for one in found.sums] == [
        "Subtotal", "Descuento (OTOÑO10)", "Envío a domicilio", "Total", "Impuestos incluidos",
    ]  # fmt: skip


def test_a_gift_for_nothing_is_told_with_its_price_of_nothing() -> None:
    gift = replace(lines()[0], unit_price=0, subtotal=0, discount=0, tax=0, total=0)
    free = order(lines=(gift,), charges=(), tax_lines=(), totals=Totals(0, 0, 0, 0, 0, 0, True))
    found = sheet(Kind.ORDER, loaded(free), "en")
    assert [cents(row.cells[-1]) for row in found.rows] == [0]
    assert [(one.label, cents(one.amount)) for one in found.sums] == [("Subtotal", 0), ("Total", 0)]


@pytest.mark.capability("D09")
@pytest.mark.parametrize("language", ["es", "en"])
def test_no_price_stands_on_a_slip(language: str) -> None:
    for kind, of in ((Kind.PACKING_SLIP, printed()), (Kind.PICKUP_SLIP, to_fetch())):
        told = json.dumps(sheet(kind, of, language).to_dict(), ensure_ascii=False)
        assert not MONEY.search(told), told
        assert sheet(kind, of, language).sums == ()


def test_a_receipt_tells_what_came_what_went_back_and_what_is_left() -> None:
    back = Entry("r1", "refund", "bank_transfer", "manual", 50_000, "MXN", "ok", "2026-11-22T10:00:00.000Z")
    found = sheet(Kind.RECEIPT, printed(ledger=(paid(100_000), back)), "en")
    assert [(one.label, cents(one.amount)) for one in found.sums][-3:] == [
        ("Received on November 20, 2026", 100_000),
        ("Given back", -50_000),
        ("Still to pay", 122_800),
    ]


def test_a_slip_has_what_is_left_and_afterwards_all_that_went() -> None:
    mug, rug = lines(allocated=2, shipped=1)
    found = sheet(Kind.PACKING_SLIP, printed(lines=(mug, replace(rug, shipped=1))))
    assert [(row.cells[1], row.cells[2]) for row in found.rows] == [("1", "TAZA-01")]
    gone = (replace(mug, shipped=2), replace(rug, shipped=1))
    again = sheet(Kind.PACKING_SLIP, printed(lines=gone))
    assert [row.cells[1] for row in again.rows] == ["2", "1"]


def test_what_is_not_there_yet_is_not_looked_for() -> None:
    mug, rug = lines()
    found = sheet(Kind.PACKING_SLIP, printed(lines=(replace(mug, backordered=1), rug)))
    assert found.rows[0].cells[1] == "1"
    assert found.rows[0].under == ("1 a la espera de existencias",)


def test_a_bundle_is_told_by_its_parts_and_its_place_where_there_are_several() -> None:
    mug, rug = lines()
    set_of = replace(mug, components=(Component("PLATO", 3),), location="norte")
    stock = Stock(locations=(Location(code="norte", title=Words(es="Bodega norte")),))
    found = sheet_of(Kind.PACKING_SLIP, printed(lines=(set_of, rug)), SETTINGS | {"stock": stock}, "es")
    assert found.rows[0].under == ("6 × PLATO", "De Bodega norte")


def test_a_paper_speaks_its_readers_language() -> None:
    told = {code: sheet(Kind.PACKING_SLIP, printed(), code) for code in ("es", "en")}
    assert (told["es"].title, told["en"].title) == ("Nota de entrega", "Packing slip")
    assert told["es"].notes[-1].lines == ("Empacar con papel de estraza.",)
    assert told["en"].notes[-1].lines == ("Wrap in kraft paper.",)
    assert (told["es"].page, told["en"].page) == ("Página {n} de {of}", "Page {n} of {of}")


def test_an_order_that_was_called_off_says_so() -> None:
    assert sheet(Kind.ORDER, loaded(order(lifecycle=Lifecycle.CANCELLED))).stamp == "Cancelado"
    assert sheet(Kind.ORDER, printed()).stamp == ""


def test_sixty_lines_and_none() -> None:
    assert len(sheet(Kind.ORDER, printed(lines=many())).rows) == 60
    assert sheet(Kind.ORDER, printed(lines=())).rows == ()


HOLD = Hold("h1", "manual", "2026-11-20T16:30:00.000Z", "staff:1")


@pytest.mark.parametrize(
    ("kind", "changes", "guard"),
    [
        (Kind.ORDER, {"lifecycle": Lifecycle.DRAFT}, "not-placed"),
        (Kind.PACKING_SLIP, {"lifecycle": Lifecycle.CANCELLED}, "called-off"),
        (Kind.PACKING_SLIP, {"approved": False}, "not-approved"),
        (Kind.PACKING_SLIP, {"holds": (HOLD,)}, "on-hold"),
        (Kind.PACKING_SLIP, {"ledger": ()}, "not-paid"),
        (Kind.RECEIPT, {"ledger": ()}, "nothing-received"),
        (Kind.PICKUP_SLIP, {}, "not-fetched"),
        (Kind.PICKUP_SLIP, {"delivery": "gone"}, "not-fetched"),
    ],
)
def test_a_paper_is_refused_where_it_would_mislead(kind: Kind, changes: dict, guard: str) -> None:
    changed = printed(**changes)
    sealed = replace(changed.order, personal={"shipping": "digest"})
    with pytest.raises(WrongState) as refused:
        check(kind, replace(changed, order=sealed), Shipping())
    assert refused.value.guard == guard


def test_what_has_left_is_printed_again_and_a_cancelled_order_too() -> None:
    check(Kind.PACKING_SLIP, printed(lifecycle=Lifecycle.CLOSED), Shipping())
    check(Kind.ORDER, loaded(order(lifecycle=Lifecycle.CANCELLED)), Shipping())
    check(Kind.PICKUP_SLIP, to_fetch(), Shipping())
    gone = replace(to_fetch(), order=replace(to_fetch().order, delivery="gone"))
    check(Kind.PICKUP_SLIP, gone, Shipping())
    assert ADDRESS["city"] not in str(sheet(Kind.PICKUP_SLIP, to_fetch()))


def test_the_way_of_delivery_has_its_name_in_the_readers_language():
    shipping = Shipping(
        deliveries=[{"code": "ship", "title": {"es": "Envío a domicilio", "en": "Home delivery"}}]
    )

    def charged(language, ways=shipping):
        shown = sheet_of(Kind.ORDER, printed(), SETTINGS | {"shipping": ways}, language)
        return [one.label for one in shown.sums][2]

    assert (charged("es"), charged("en")) == ("Envío a domicilio", "Home delivery")
    renamed = Shipping(deliveries=[{"code": "ship", "title": {"es": "Mensajería", "en": "Courier"}}])
    assert charged("en", renamed) == "Envío a domicilio"  # what was charged keeps its name
