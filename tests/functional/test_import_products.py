"""Importing a product file on the tables as the template makes them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from comanda import wiring
from comanda.dynamo.transaction import Transaction
from comanda.errors import Busy, Invalid, TooLarge
from comanda.stock import import_products as module
from comanda.stock.import_products import import_products
from comanda.stock.import_store import ImportRow
from comanda.stock.model import Move, Product
from comanda.stock.rows import StockRow, product_key, stock_key
from tests.functional.shop import level

NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
HEADER = "sku,barcode,name_es,name_en,price,tax,weight,stock,image"


def sheet(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def run(data: bytes, **more):
    return import_products(data, store=wiring.stock(), currency="MXN", now=NOW, actor="staff:ana", **more)


def move(sku: str, **counts: int) -> None:
    tx = Transaction()
    wiring.stock().write_moves(tx, [Move(sku, "main", **counts)])
    tx.commit()


def problems(report) -> list[tuple[int, str, str]]:
    return [(found.row, found.column, found.problem) for found in report.problems]


def counts(report) -> tuple[str, int, int, int, int]:
    return report.state, report.created, report.updated, report.unchanged, report.remaining


def everything() -> list[dict]:
    from comanda.dynamo.client import client

    items = client().scan(TableName=wiring.stock().table)["Items"]
    return sorted(
        (item for item in items if not item["pk"]["S"].startswith("IMPORT#")), key=lambda i: i["pk"]["S"]
    )


def test_first_import_puts_products_and_their_stock_on_sale():
    report = run(
        sheet(
            "CAFE-1,2000000000015,Café de olla,Spiced coffee,89.50,0,250,12,coffee.svg",
            "GIFT-1,,Tarjeta de regalo,,500,16,,,",
        )
    )
    assert counts(report) == ("done", 2, 0, 0, 0)
    assert report.problems == report.warnings == []
    assert wiring.stock().products(["CAFE-1", "GIFT-1"]) == {
        "CAFE-1": Product(
            "CAFE-1",
            {"es": "Café de olla", "en": "Spiced coffee"},
            8950,
            0,
            "2000000000015",
            250,
            True,
            "coffee.svg",
        ),
        "GIFT-1": Product("GIFT-1", {"es": "Tarjeta de regalo"}, 50000, 160_000, tracked=False),
    }
    assert level("CAFE-1") == {"on_hand": 12, "reserved": 0, "allocated": 0, "available": 12}
    assert wiring.stock().levels(["GIFT-1"]) == {}
    assert [product.sku for product in wiring.stock().catalogue(limit=10)[0]] == ["CAFE-1", "GIFT-1"]


def test_the_run_is_remembered_with_who_and_when():
    report = run(sheet("A,,Uno,,1,0,,1,"))
    row = ImportRow.read(f"IMPORT#{report.import_id}")
    assert (row.state, row.actor, row.at, row.rows) == ("done", "staff:ana", "2026-11-21T18:00:00.000Z", 1)


def test_the_same_file_again_changes_nothing():
    data = sheet("A,,Uno,,1,0,,5,", "B,,Dos,,2,16,,,")
    run(data)
    before = everything()
    assert counts(run(data)) == ("done", 0, 0, 2, 0)
    assert everything() == before


def test_a_count_moves_the_stock_by_its_difference_to_the_last_one():
    run(sheet("A,,Uno,,1,0,,10,"))
    move("A", reserved=3)
    move("A", reserved=-1, allocated=1)
    move("A", allocated=-1, on_hand=-1)  # one unit has left with an order
    report = run(sheet("A,,Uno,,1,0,,14,"))
    assert counts(report) == ("done", 0, 1, 0, 0)
    assert level("A") == {"on_hand": 13, "reserved": 2, "allocated": 0, "available": 11}
    run(sheet("A,,Uno,,1,0,,9,"))
    assert level("A") == {"on_hand": 8, "reserved": 2, "allocated": 0, "available": 6}


def test_columns_that_are_missing_change_nothing():
    run(sheet("A,2000000000015,Uno,One,10,16,100,5,a.svg"))
    report = run(sheet("A,12", header="sku,price"))
    assert counts(report) == ("done", 0, 1, 0, 0)
    assert wiring.stock().products(["A"])["A"] == Product(
        "A", {"es": "Uno", "en": "One"}, 1200, 160_000, "2000000000015", 100, True, "a.svg"
    )
    assert level("A")["on_hand"] == 5


def catalogue() -> list[str]:
    products, _ = wiring.stock().catalogue(limit=100)
    return [product.sku for product in products]


def test_what_is_no_longer_offered_leaves_the_catalogue_and_keeps_its_stock():
    run(sheet("A,,Uno,,10,16,,5,", "B,,Dos,,10,16,,5,"))
    assert counts(run(sheet("A,no", header="sku,on_sale"))) == ("done", 0, 1, 0, 0)
    assert (catalogue(), level("A")["on_hand"]) == (["B"], 5)
    assert counts(run(sheet("A,no", header="sku,on_sale"))) == ("done", 0, 0, 1, 0)
    run(sheet("A,12,", header="sku,price,on_sale"))
    assert (catalogue(), wiring.stock().products(["A"])["A"].active) == (["B"], False)
    run(sheet("A,sí", "C,,", header="sku,on_sale"), dry_run=True)
    assert catalogue() == ["B"]
    run(sheet("A,sí", header="sku,on_sale"))
    assert catalogue() == ["A", "B"]
    run(sheet("C,Tres,1,16,no", header="sku,name_es,price,tax,on_sale"))
    assert catalogue() == ["A", "B"]


@pytest.mark.parametrize("cell", ["quizás", "-1"])
def test_whether_a_product_is_sold_is_said_in_words(cell: str):
    run(sheet("A,,Uno,,10,16,,5,"))
    report = run(sheet(f"A,{cell}", header="sku,on_sale"))
    assert (problems(report), catalogue()) == ([(2, "on_sale", "takes yes or no")], ["A"])


def test_a_file_with_one_bad_row_imports_nothing():
    run(sheet("A,,Uno,,1,0,,5,"))
    before = everything()
    report = run(sheet("A,,Uno,,2,0,,6,", "B,,Dos,,x,0,,1,", "C,,,,1,0,,1,"))
    assert report.state == "refused"
    assert problems(report) == [
        (3, "price", "'x' is not a number"),
        (4, "name_es", "a product needs a name in Spanish or English"),
    ]
    assert everything() == before


def test_a_refusal_names_every_cell():
    report = run(sheet("B,,Dos,,x,0,,1,"))
    refusal = report.refusal()
    assert isinstance(refusal, Invalid)
    assert refusal.extra["errors"] == [{"pointer": "/rows/2/price", "detail": "'x' is not a number"}]
    assert refusal.extra["report"]["problems"] == [
        {"row": 2, "column": "price", "value": "x", "problem": "'x' is not a number"}
    ]


def test_a_new_product_needs_its_price_and_tax():
    report = run(sheet("A,Uno", header="sku,name_es"))
    assert problems(report) == [
        (2, "price", "this product is new, so the file needs this column"),
        (2, "tax", "this product is new, so the file needs this column"),
    ]
    assert everything() == []


def test_a_count_that_takes_away_what_orders_hold_is_refused():
    run(sheet("A,,Uno,,1,0,,10,", "B,,Dos,,1,0,,1,"))
    move("A", reserved=4)
    move("A", reserved=-1, allocated=1)
    before = everything()
    report = run(sheet("B,,Dos,,1,0,,9,", "A,,Uno,,1,0,,3,"))
    told = "takes 7 units away, but only 6 are free (3 reserved and 1 allocated for orders)"
    assert problems(report) == [(3, "stock", told)]
    assert everything() == before
    assert counts(run(sheet("A,,Uno,,1,0,,4,"))) == ("done", 0, 1, 0, 0)
    assert level("A") == {"on_hand": 4, "reserved": 3, "allocated": 1, "available": 0}


def test_stock_that_is_no_longer_counted_is_counted_afresh_later():
    run(sheet("A,,Uno,,1,0,,10,"))
    report = run(sheet("A,,Uno,,1,0,,,"))
    assert [found.problem for found in report.warnings] == ["stock of this product is no longer counted"]
    assert wiring.stock().products(["A"])["A"].tracked is False
    assert counts(run(sheet("A,,Uno,,1,0,,,"))) == ("done", 0, 0, 1, 0)
    move("A", on_hand=2)
    run(sheet("A,,Uno,,1,0,,7,"))
    assert wiring.stock().products(["A"])["A"].tracked is True
    assert level("A")["on_hand"] == 7


def test_a_barcode_of_another_product_is_refused_and_swapping_two_is_not():
    run(sheet("A,2000000000015,Uno,,1,0,,,", "B,2000000000022,Dos,,1,0,,,"))
    report = run(sheet("C,2000000000015,Tres,,1,0,,,"))
    assert problems(report) == [(2, "barcode", "belongs to A already")]
    assert run(sheet("A,2000000000022,Uno,,1,0,,,", "B,2000000000015,Dos,,1,0,,,")).state == "done"
    assert wiring.stock().products(["A"])["A"].barcode == "2000000000022"


def test_a_dry_run_tells_what_would_happen_and_writes_nothing():
    run(sheet("A,,Uno,,1,0,,1,", "B,,Dos,,1,0,,1,"))
    before = everything()
    report = run(sheet("A,,Uno,,5,0,,1,", "B,,Dos,,1,0,,1,", "C,,Tres,,1,0,,1,"), dry_run=True)
    assert counts(report) == ("checked", 1, 1, 1, 0)
    assert everything() == before


def test_a_file_that_is_too_large_is_refused():
    with pytest.raises(TooLarge):
        run(b"x" * (module.MOST_BYTES + 1))


MANY = [f"P{n:03d},,Producto {n},,{n + 1},16,,{n},img.svg" for n in range(50)]


class Killed(BaseException):
    """The process ends here."""


def dying_after(transactions: int) -> Iterator[None]:
    """A transaction's commit that works `transactions` times; then the process is gone."""
    for _ in range(transactions):
        yield
    raise Killed


@pytest.mark.parametrize("written", [0, 1, 2])
@pytest.mark.parametrize("answered", [True, False])
def test_killed_midway_and_sent_again_ends_as_one_run(monkeypatch, written, answered):
    run(sheet(*MANY))
    whole = everything()
    for item in whole:
        StockRow.remove(StockRow(item["pk"]["S"]))

    life, commit = dying_after(written), Transaction.commit

    def until_killed(tx: Transaction) -> None:
        if answered:
            next(life)
            commit(tx)
        else:
            commit(tx)  # it was written, and the answer never came
            next(life)

    monkeypatch.setattr(Transaction, "commit", until_killed)
    with pytest.raises(Killed):
        run(sheet(*MANY))
    monkeypatch.setattr(Transaction, "commit", commit)

    found = {item["pk"]["S"] for item in everything()}
    products = sum(key.startswith("PRODUCT#") for key in found)
    assert products == min(20 * (written if answered else written + 1), 50)
    assert all(stock_key(key[8:]) in found for key in found if key.startswith("PRODUCT#"))

    report = run(sheet(*MANY))
    assert counts(report) == ("done", 50 - products, 0, products, 0)
    assert everything() == whole


def test_when_time_is_up_the_rest_is_left_for_the_same_file_sent_again():
    times = iter([True, True, False])
    first = run(sheet(*MANY), time_left=lambda: next(times))
    assert counts(first) == ("unfinished", 40, 0, 0, 10)
    assert ImportRow.read(f"IMPORT#{first.import_id}").state == "unfinished"
    second = run(sheet(*MANY))
    assert counts(second) == ("done", 10, 0, 40, 0)
    assert second.import_id == first.import_id


def reserve_before_commit(monkeypatch, sku: str, units: int) -> None:
    """An order takes units after the file was judged and before its first transaction is sent."""
    commit = Transaction.commit

    def faster_order(tx: Transaction) -> None:
        monkeypatch.setattr(Transaction, "commit", commit)
        move(sku, reserved=units)
        commit(tx)

    monkeypatch.setattr(Transaction, "commit", faster_order)


def test_an_order_that_is_faster_than_the_import_keeps_its_units(monkeypatch):
    run(sheet(*MANY))
    lowered = [row.replace(",49,img", ",9,img") for row in MANY[:-1]] + [
        MANY[-1].replace(",49,img", ",9,img")
    ]
    reserve_before_commit(monkeypatch, "P049", 20)
    report = run(sheet(*lowered))
    told = "takes 40 units away, but only 29 are free (20 reserved and 0 allocated for orders)"
    assert (report.state, problems(report)) == ("refused", [(51, "stock", told)])
    assert level("P049") == {"on_hand": 49, "reserved": 20, "allocated": 0, "available": 29}


def test_an_order_beside_the_import_that_leaves_enough_disturbs_nobody(monkeypatch):
    run(sheet("A,,Uno,,1,0,,10,"))
    reserve_before_commit(monkeypatch, "A", 4)
    assert run(sheet("A,,Uno,,1,0,,6,")).state == "done"
    assert level("A") == {"on_hand": 6, "reserved": 4, "allocated": 0, "available": 2}


def test_rows_that_take_units_away_are_written_first_so_a_refusal_leaves_nothing(monkeypatch):
    run(sheet("Z,,Zeta,,1,0,,10,"))
    before = everything()
    reserve_before_commit(monkeypatch, "Z", 8)
    report = run(sheet(*MANY, "Z,,Zeta,,1,0,,1,"))
    assert counts(report) == ("refused", 0, 0, 0, 51)
    assert [item["pk"] for item in everything()] == [item["pk"] for item in before]
    assert level("Z") == {"on_hand": 10, "reserved": 8, "allocated": 0, "available": 2}


def test_two_imports_at_once_count_once(monkeypatch):
    run(sheet("A,,Uno,,1,0,,10,"))
    commit = Transaction.commit

    def second_import_first(tx: Transaction) -> None:
        monkeypatch.setattr(Transaction, "commit", commit)
        run(sheet("A,,Uno,,1,0,,15,"))
        commit(tx)

    monkeypatch.setattr(Transaction, "commit", second_import_first)
    report = run(sheet("A,,Uno,,1,0,,15,"))
    assert report.state == "done"
    assert level("A") == {"on_hand": 15, "reserved": 0, "allocated": 0, "available": 15}


def test_a_product_made_by_somebody_else_meanwhile_is_updated(monkeypatch):
    commit = Transaction.commit

    def made_meanwhile(tx: Transaction) -> None:
        monkeypatch.setattr(Transaction, "commit", commit)
        run(sheet("A,,Otro,,9,0,,4,"))
        commit(tx)

    monkeypatch.setattr(Transaction, "commit", made_meanwhile)
    assert run(sheet("A,,Uno,,1,0,,10,")).state == "done"
    product = wiring.stock().products(["A"])["A"]
    assert (product.names, product.price) == ({"es": "Uno"}, 100)
    assert level("A")["on_hand"] == 10


def test_when_others_never_stop_the_import_gives_up_and_says_so(monkeypatch):
    run(sheet("A,,Uno,,1,0,,10,"))
    commit = Transaction.commit
    turns = iter(range(100))

    def always_first(tx: Transaction) -> None:
        StockRow.change(StockRow(stock_key("A")), [StockRow.counted.set(100 + next(turns))])
        commit(tx)

    monkeypatch.setattr(Transaction, "commit", always_first)
    with pytest.raises(Busy):
        run(sheet("A,,Uno,,1,0,,500,"))
    assert level("A")["on_hand"] == 10


def test_changes_of_others_to_a_product_are_kept(monkeypatch):
    from comanda.stock.rows import ProductRow

    run(sheet("A,,Uno,,1,0,100,10,"))
    commit = Transaction.commit

    def renamed(tx: Transaction) -> None:
        monkeypatch.setattr(Transaction, "commit", commit)
        ProductRow.change(ProductRow(product_key("A")), [ProductRow.weight_grams.set(250)])
        commit(tx)

    monkeypatch.setattr(Transaction, "commit", renamed)
    run(sheet("A,,Uno,,2,0,100,10,"))
    product = wiring.stock().products(["A"])["A"]
    assert (product.price, product.weight_grams) == (200, 250)
