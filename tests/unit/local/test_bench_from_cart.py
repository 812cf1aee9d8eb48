"""How the bench judges the way from cart to placed, and what it says about it."""

from dataclasses import replace

import pytest

from local.bench import from_cart
from local.bench.from_cart import in_turns, judged
from local.bench.peers.oscar.shop import Books
from local.bench.peers.oscar.shopper import LINES, expect
from local.bench.report import lines_of, print_table

BOOKS = Books(orders=90, lines=180, units_allocated=180, addresses=90, guests=90)


def test_the_best_turn_of_each_counts() -> None:
    found = judged([12.0, 10.0, 11.0], [{"ms": 60.0}, {"ms": 50.0}, {"ms": 70.0}], [31.0, 30.0])
    assert (found["ours_ms"], found["peer_ms"], found["advantage"]) == (10.0, 50.0, 5.0)
    assert found["same_run"]
    assert found["turns_ms"] == {
        "ours": [12.0, 10.0, 11.0],
        "django-oscar": [60.0, 50.0, 70.0],
        "django-oscar tuned": [31.0, 30.0],
    }


@pytest.mark.parametrize(("peer", "met"), [(50.0, True), (49.99, False)])
def test_a_fifth_is_the_most(peer: float, met: bool) -> None:
    assert judged([10.0], [{"ms": peer}], [])["met"] is met


def test_turns_alternate_and_are_numbered() -> None:
    went: list[str] = []

    def ours(turn: int) -> float:
        went.append(f"ours {turn}")
        return 10.0

    def peer(tuned: bool) -> dict[str, float]:
        went.append("tuned" if tuned else "peer")
        return {"ms": 40.0}

    assert in_turns(ours, peer)["advantage"] == 4.0
    assert went == ["ours 0", "peer", "tuned", "ours 1", "peer", "tuned", "ours 2", "peer", "tuned"]


def test_what_is_known_of_the_peer_is_kept() -> None:
    assert judged([10.0], [{"ms": 40.0, "queries": 96.0}], [])["about_peer"] == {"queries": 96.0}


def test_without_the_peer_its_dated_figure_stands_in() -> None:
    found = in_turns(lambda turn: 20.0, None)
    assert (found["peer_ms"], found["advantage"], found["met"]) == (104.0, 5.2, True)
    assert not found["same_run"]


def test_the_row_names_both_of_one_run_and_the_dated_others_below() -> None:
    (line,) = lines_of(judged([20.0], [{"ms": 60.0}], [30.0]))
    assert line.what == "cart to placed, 2 lines, handler CPU"
    assert (line.ours, line.beside) == ("20.0 ms", "60 ms django-oscar (same run)")
    assert (line.figure, line.budget, line.ok) == ("1/3.0", "≤ 1/5", False)
    assert line.note == (
        "From cart to placed, on 2026-11-20: Vendure 173 ms, Medusa 1182 ms. "
        "django-oscar on a tuned SQLite took 30 ms: beside it ours is 1/1.5."
    )


def test_the_row_says_when_the_peer_is_missing_and_what_installs_it() -> None:
    (line,) = lines_of(judged([20.0], [], []))
    assert line.beside == "104 ms django-oscar (2026-11-20)"
    assert "make .tools/oscar/.ready" in line.note


def test_notes_stand_below_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(lines_of(judged([20.0], [], [])))
    table, _, note = capsys.readouterr().out.partition("\n\n")
    assert table.endswith("| yes")
    assert note.startswith("From cart to placed, on 2026-11-20")
    assert "Medusa" not in table


def test_both_sides_order_as_many_lines() -> None:
    assert len(from_cart.SKUS) == LINES == judged([1.0], [], [])["lines"]


@pytest.mark.parametrize("lost", ["orders", "lines", "units_allocated", "addresses", "guests"])
def test_a_peer_that_lost_something_is_no_yardstick(lost: str) -> None:
    expect(BOOKS, 90)
    with pytest.raises(RuntimeError, match="the books say"):
        expect(replace(BOOKS, **{lost: getattr(BOOKS, lost) - 1}), 90)
