"""Counts per location from a file: the difference to the last one, reservations standing, line by line."""

from collections import Counter
from itertools import count as counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.functional.conftest import Answer, Call
from tests.functional.shop import place, set_section, stock_product
from tests.functional.staff import ask
from tests.functional.tables import contents
from tests.functional.test_places import figures, tell, wanting

pytestmark = pytest.mark.capability("D22", "F08")
NUMBERS = counter(1)
KINDS = st.sampled_from(["count", "adjust", "buy"])
STEP = st.tuples(KINDS, st.sampled_from(["main", "norte"]), st.integers(1, 9))


@pytest.fixture
def shop(clean: None) -> None:
    stock_product(units=10)
    set_section("stock", locations=[{"code": "norte"}])


def sent(call: Call, *lines: str, header: str = "sku,location,stock,bin", **query: str) -> Answer:
    text = "\n".join((header, *lines))
    headers = {"content-type": "text/csv"}
    return ask(call, "POST", "/admin/stock/import", text, headers=headers, query=query)


def outcomes(answer: Answer) -> list[tuple[str, int]]:
    assert answer.status == 200, answer.text
    return [(line["outcome"], line.get("delta", 0)) for line in answer.body["lines"]]


def bins(call: Call, sku: str = "CAFE-1") -> dict[str, tuple[int | None, str | None]]:
    found = ask(call, "GET", f"/admin/stock/{sku}").body["locations"]
    return {one["location"]: (one["counted"], one["bin"]) for one in found}


def test_a_count_moves_by_its_difference_and_reservations_stand(call: Call, shop: None) -> None:
    place(call, lines=wanting(4))
    assert outcomes(sent(call, "CAFE-1,,12,A-1", "CAFE-1,norte,5,N-9")) == [("moved", 2), ("moved", 5)]
    assert figures(call) == {"main": (12, 4, 0, 8), "norte": (5, 0, 0, 5)}
    assert bins(call) == {"main": (12, "A-1"), "norte": (5, "N-9")}
    assert tell(call, "adjust", "a", delta=-3, reason="broken").status == 200
    again = sent(call, "CAFE-1,main,15,", header="sku,location,stock,bin")
    assert outcomes(again) == [("moved", 3)]  # the books went up by three since the last file
    assert again.body["lines"][0] | {"row": 2} == {
        "row": 2,
        "sku": "CAFE-1",
        "location": "main",
        "delta": 3,
        "before": 9,
        "after": 12,
        "outcome": "moved",
    }
    assert bins(call)["main"] == (15, None)
    notes = ask(call, "GET", "/admin/stock/CAFE-1/movements").body["items"]
    told = Counter((one["location"], one["delta"], one["reason"]) for one in notes)
    assert told[("main", 3, "stock file")] == told[("norte", 5, "stock file")] == 1


def test_the_same_file_again_moves_nothing(call: Call, shop: None) -> None:
    lines = ("CAFE-1,main,7,A-1", "CAFE-1,norte,5,")
    assert outcomes(sent(call, *lines)) == [("moved", -3), ("moved", 5)]
    before = contents()
    answer = sent(call, *lines)
    assert outcomes(answer) == [("unchanged", 0), ("unchanged", 0)]
    assert (answer.body["moved"], answer.body["unchanged"], answer.body["remaining"]) == (0, 2, 0)
    assert contents() == before


def test_each_line_is_judged_for_itself(call: Call, shop: None) -> None:
    stock_product("FREE", units=None)
    place(call, lines=wanting(6))
    answer = sent(
        call, "CAFE-1,main,5,", "NADA,,1,", "FREE,,1,", "CAFE-1,sur,1,", "CAFE-1,norte,x,", "CAFE-1,norte,2,"
    )
    assert [line["outcome"] for line in answer.body["lines"]] == ["refused"] * 6
    problems = [line["problem"] for line in answer.body["lines"]]
    assert problems[0] == "CAFE-1: 5 wanted, 4 available"
    assert "no product NADA" in problems[1]
    assert problems[5] == "stands in the file twice"
    assert figures(call) == {"main": (10, 6, 0, 4)}
    assert outcomes(sent(call, "CAFE-1,main,5,", "CAFE-1,norte,2,"))[1] == ("moved", 2)


def test_a_trial_changes_nothing_and_no_stock_file_is_refused(call: Call, shop: None) -> None:
    before = contents()
    assert outcomes(sent(call, "CAFE-1,main,7,A-1", "CAFE-1,norte,5,", dry_run="true")) == [
        ("moved", -3),
        ("moved", 5),
    ]
    assert sent(call, "1,2", header="article,count").status == 422
    assert sent(call, "CAFE-1", header="sku,sku").status == 422
    assert ask(call, "POST", "/admin/stock/import", "sku,stock\nCAFE-1,1", role="picker").status == 403
    assert contents() == before


def test_bins_are_edited_and_stay_when_a_file_says_nothing_of_them(call: Call, shop: None) -> None:
    assert ask(call, "PUT", "/admin/stock/CAFE-1/bin", {"bin": "Z-1"}).body["bin"] == "Z-1"
    assert outcomes(sent(call, "CAFE-1;11", header="sku;stock")) == [("moved", 1)]
    assert bins(call) == {"main": (11, "Z-1")}
    assert outcomes(sent(call, "CAFE-1,Z-2", header="sku,bin")) == [("moved", 0)]
    nowhere = sent(call, "CAFE-1,norte,N-1", header="sku,location,bin")
    assert [line["outcome"] for line in nowhere.body["lines"]] == ["refused"]
    assert bins(call) == {"main": (11, "Z-2")}
    assert ask(call, "PUT", "/admin/stock/CAFE-1/bin", {"bin": None}).status == 200
    assert bins(call) == {"main": (11, None)}
    assert ask(call, "PUT", "/admin/stock/NADA/bin", {"bin": "A"}).status == 404
    assert ask(call, "PUT", "/admin/stock/CAFE-1/bin", {"bin": "A", "location": "norte"}).status == 404


def test_a_product_in_shards_is_counted_as_a_whole(call: Call, shop: None) -> None:
    assert tell(call, "spread", "s", shards=3).status == 200
    place(call, lines=wanting(2))
    assert outcomes(sent(call, "CAFE-1,main,4,")) == [("moved", -6)]
    assert figures(call) == {"main": (4, 2, 0, 2)}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        STEP,
        min_size=3,
        max_size=8,
    )
)
def test_figures_follow_the_differences_whatever_lies_between(call: Call, shop: None, steps: Any) -> None:
    sku = f"S{next(NUMBERS)}"
    stock_product(sku, units=5)
    on_hand, last, sold = Counter(main=5), dict[str, int](), 0
    for kind, where, units in steps:
        if kind == "count":
            answer = sent(call, f"{sku},{where},{units},")
            if outcomes(answer)[0][0] != "refused":
                on_hand[where] += units - last.get(where, on_hand[where])
                last[where] = units
        elif kind == "adjust":
            path, headers = f"/admin/stock/{sku}/adjust", {"Idempotency-Key": f"k{next(NUMBERS)}"}
            body = {"delta": units, "reason": "found", "location": where}
            if ask(call, "POST", path, body, headers=headers).status == 200:
                on_hand[where] += units
        elif sum(on_hand.values()) - sold >= units:
            place(call, f"k{next(NUMBERS)}", lines=[{"sku": sku, "quantity": units}])
            sold += units
    found = ask(call, "GET", f"/admin/stock/{sku}").body["locations"]
    assert {one["location"]: one["on_hand"] for one in found if one["on_hand"]} == dict(+on_hand)
    assert sum(one["reserved"] for one in found) == sold
    assert all(one["available"] == one["on_hand"] - one["reserved"] >= 0 for one in found)
