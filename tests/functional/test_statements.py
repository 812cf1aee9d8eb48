"""Bank statements: taken in, matched, confirmed by a person, each movement once."""

from itertools import count as counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comanda import crash, wiring
from tests.functional.conftest import Call
from tests.functional.payments.world import Crash
from tests.functional.shop import set_section
from tests.functional.staff import approved, ask, command, show
from tests.functional.statements_world import (
    TOTAL,
    captures,
    confirm,
    line,
    outcomes,
    proposals,
    results,
    sent,
    statement,
    waiting,
    wish,
)
from tests.functional.tables import contents
from tests.statement_samples import CAMT_08, NORMA43

pytestmark = pytest.mark.capability("G15")


def number(order: dict[str, Any]) -> str:
    return str(order["number"])


# -- the file --------------------------------------------------------------------------------------


def test_a_file_is_taken_in_once(call: Call) -> None:
    (order,) = waiting(call)
    first = sent(call, line(number(order)), line("LUZ", -4_599))
    assert (first.status, first.body["entries"], first.body["added"], first.body["known"]) == (201, 2, 2, 0)
    assert first.body["accounts"] == [
        {
            "account": None,
            "currency": "MXN",
            "from": "2026-11-20",
            "to": "2026-11-20",
            "opening": None,
            "closing": None,
        }
    ]
    then = contents()
    again = sent(call, line(number(order)), line("LUZ", -4_599))
    assert (again.status, again.body) == (200, first.body)
    assert contents() == then


def test_of_an_overlapping_file_only_what_is_new_is_added(call: Call) -> None:
    one, two = waiting(call, 2)
    statement(call, line(number(one)), line("bizum", 500))
    later = sent(call, line(number(one)), line("bizum", 500), line("bizum", 500), line(number(two)))
    assert (later.body["added"], later.body["known"]) == (2, 2)
    rows = proposals(call, later.body["statement_id"])
    assert [row["text"] for row in rows] == ["bizum", number(two)]
    listed = ask(call, "GET", "/admin/statements").body["items"]
    assert [one["added"] for one in listed] == [2, 2]


def test_a_file_whose_entering_broke_off_is_gone_on_with(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    from comanda.statements import store

    monkeypatch.setattr(store, "CHUNK", 2)
    lines = [line(f"bizum {n}", 100 + n) for n in range(5)]
    enter = store.StatementStore._enter

    def broken(self: Any, head: Any, part: Any, place: int) -> int:
        if place == 2:
            raise Crash
        return enter(self, head, part, place)

    with monkeypatch.context() as patched:
        patched.setattr(store.StatementStore, "_enter", broken)
        with pytest.raises(Crash):
            sent(call, *lines)
    (half,) = ask(call, "GET", "/admin/statements").body["items"]
    assert (half["complete"], half["known"]) == (False, None)
    whole = sent(call, *lines)
    assert (whole.status, whole.body["complete"], whole.body["added"]) == (201, True, 5)
    assert [row["text"] for row in proposals(call, whole.body["statement_id"])] == [
        f"bizum {n}" for n in range(5)
    ]


@pytest.mark.parametrize(
    ("text", "status", "kind"),
    [
        ("", 422, "invalid"),
        ("hola", 422, "invalid"),
        ("<Document>", 422, "invalid"),
        (NORMA43.replace("000012", "000013"), 422, "invalid"),
        ("x" * 4_000_001, 413, "too-large"),
    ],
)
def test_a_file_that_is_none_changes_nothing(call: Call, text: str, status: int, kind: str) -> None:
    before = contents()
    answer = ask(call, "POST", "/admin/statements", text)
    assert (answer.status, answer.body["type"]) == (status, kind)
    assert contents() == before


def test_the_other_formats_are_known_by_their_look(call: Call) -> None:
    for text, name, count in ((NORMA43, "norma43", 5), (CAMT_08, "camt053", 2)):
        answer = ask(call, "POST", "/admin/statements", text)
        assert (answer.status, answer.body["format"], answer.body["entries"]) == (201, name, count)


def test_pages_follow_one_another(call: Call) -> None:
    statement_id = statement(call, *(line(f"bizum {n}", 100 + n) for n in range(5)))
    path = f"/admin/statements/{statement_id}/proposals"
    first = ask(call, "GET", path, query={"limit": "3"}).body
    rest = ask(call, "GET", path, query={"limit": "3", "cursor": first["next"]}).body
    assert [row["text"] for row in (*first["items"], *rest["items"])] == [f"bizum {n}" for n in range(5)]
    assert rest["next"] is None


# -- what is proposed ------------------------------------------------------------------------------


@pytest.mark.capability("D06", "C29")
def test_each_movement_says_what_it_looks_like(call: Call) -> None:
    exact, under, over, paid, gone = waiting(call, 5)
    (card,) = waiting(call, payment_method="stripe")
    command(call, paid["order_id"], "mark-paid")
    command(call, gone["order_id"], "cancel", {"reason": "customer"})
    statement_id = statement(
        call,
        line(f"PAGO {number(exact)} gracias".lower()),
        line(number(exact).replace("-", " "), day="21/11/2026"),
        line(number(under), 20_000),
        line(number(over), 30_000),
        line(number(paid)),
        line(number(gone)),
        line(f"{number(under)} y {number(over)}", 46_400),
        line("transferencia", payer="ANA MUNOZ"),
        line(number(card)),
        line("nada", 99),
        line("LUZ", -4_599),
    )
    rows = proposals(call, statement_id)
    assert [row["outcome"] for row in rows] == [
        "exact",
        "duplicate",
        "under",
        "over",
        "duplicate",
        "late",
        "split",
        "ambiguous",
        "ambiguous",
        "unknown",
        "outgoing",
    ]
    assert [row["preselected"] for row in rows] == [True] + [False] * 10
    assert {one["number"] for one in rows[7]["candidates"]} == {number(one) for one in (exact, under, over)}
    assert rows[0]["order"]["due"] == {"amount": TOTAL, "currency": "MXN"}


def test_one_digit_is_found_by_its_whole_number(call: Call) -> None:
    (order,) = waiting(call)
    digits = number(order).rpartition("-")[2]
    assert len(digits.lstrip("0")) == 1
    assert outcomes(call, statement(call, line("", ref=digits.lstrip("0")))) == ["exact"]


def test_a_number_of_two_prefixes_is_never_exact(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(wiring.settings()), "next_number", lambda self: 41)
    (old,) = waiting(call)
    set_section("shop", number_prefix="X-")
    (new,) = waiting(call, comment="later")
    assert (number(old), number(new)) == ("P-000041", "X-000041")
    statement_id = statement(call, line("000041"), line("P-000041"), line("x 41", day="21/11/2026"))
    assert outcomes(call, statement_id) == ["ambiguous", "exact", "exact"]


def test_the_bank_in_another_currency(call: Call) -> None:
    (order,) = waiting(call)
    head, row = "fecha;concepto;importe;divisa", f"20/11/2026;{number(order)};232,00;EUR"
    statement_id = sent(call, row, head=head).body["statement_id"]
    (found,) = proposals(call, statement_id)
    assert found["outcome"] == "currency"
    before = contents()["OrdersTable"]
    answer = confirm(call, statement_id, wish(found, as_="exact"))
    assert results(answer) == ["refused movement-changed"]
    assert contents()["OrdersTable"] == before


# -- confirmed -------------------------------------------------------------------------------------


@pytest.mark.capability("D06", "D26")
def test_confirmed_is_paid_with_the_banks_day_and_words(call: Call) -> None:
    (order,) = waiting(call)
    statement_id = statement(call, line(number(order), payer="Ana Muñoz"))
    (row,) = proposals(call, statement_id)
    assert results(confirm(call, statement_id, wish(row))) == ["confirmed"]
    shown = show(call, order["order_id"])
    assert shown["payment"] == "paid"
    (capture,) = [one for one in shown["ledger"] if one["kind"] == "capture"]
    assert (capture["on"], capture["reference"]) == ("2026-11-20", f"Ana Muñoz · {number(order)}")
    (after,) = proposals(call, statement_id)
    assert (after["state"], after["outcome"], after["decided"]["payment_id"]) == (
        "confirmed",
        None,
        capture["entry_id"],
    )
    fact = next(one for one in shown["history"] if one["type"] == "PaymentCaptured")
    assert (fact["actor"], "Ana" in str(fact["data"])) == ("staff:user-staff", False)


@pytest.mark.parametrize(
    ("amount", "outcome", "payment"), [(20_000, "under", "partially_paid"), (30_000, "over", "overpaid")]
)
def test_too_little_and_too_much_are_confirmed_as_such_only(
    call: Call, amount: int, outcome: str, payment: str
) -> None:
    (order,) = waiting(call)
    statement_id = statement(call, line(number(order), amount))
    (row,) = proposals(call, statement_id)
    for other in ("exact", "under", "over", "duplicate", "late", "returned"):
        if other != outcome:
            answer = confirm(call, statement_id, wish(row, as_=other))
            assert results(answer) == ["refused movement-changed"]
    assert captures(order["order_id"]) == []
    assert proposals(call, statement_id)[0]["state"] == "open"
    assert results(confirm(call, statement_id, wish(row))) == ["confirmed"]
    assert captures(order["order_id"]) == [(amount, "ok", "2026-11-20")]
    shown = show(call, order["order_id"])
    assert shown["payment"] == payment
    held = [one["reason"] for one in shown["holds"] if one["open"]]
    assert held == (["payment_mismatch"] if outcome == "over" else [])


def test_the_rest_of_a_partial_payment_is_exact_then(call: Call) -> None:
    (order,) = waiting(call)
    statement_id = statement(call, line(number(order), 20_000), line(number(order), 3_200))
    first, second = proposals(call, statement_id)
    assert [first["outcome"], second["outcome"]] == ["under", "under"]
    confirm(call, statement_id, wish(first))
    assert proposals(call, statement_id)[1]["outcome"] == "exact"
    confirm(call, statement_id, wish(second, as_="exact"))
    assert show(call, order["order_id"])["payment"] == "paid"


def test_the_same_transfer_twice_is_money_too_much(call: Call) -> None:
    (order,) = waiting(call)
    statement_id = statement(call, line(number(order)), line(number(order), day="21/11/2026"))
    first, second = proposals(call, statement_id)
    assert (first["outcome"], second["outcome"]) == ("exact", "duplicate")
    both = confirm(call, statement_id, wish(first), wish(second, as_="exact"))
    assert results(both) == ["confirmed", "refused movement-changed"]
    assert len(captures(order["order_id"])) == 1
    assert results(confirm(call, statement_id, wish(second, as_="duplicate"))) == ["confirmed"]
    assert [amount for amount, *_ in captures(order["order_id"])] == [TOTAL, TOTAL]
    assert show(call, order["order_id"])["payment"] == "overpaid"


def test_money_for_a_cancelled_order_is_held(call: Call) -> None:
    (order,) = waiting(call)
    command(call, order["order_id"], "cancel", {"reason": "customer"})
    statement_id = statement(call, line(number(order)))
    (row,) = proposals(call, statement_id)
    assert results(confirm(call, statement_id, wish(row, as_="exact"))) == ["refused movement-changed"]
    assert results(confirm(call, statement_id, wish(row))) == ["confirmed"]
    shown = show(call, order["order_id"])
    assert [one["reason"] for one in shown["holds"] if one["open"]] == ["late_payment"]


@pytest.mark.capability("D06")
def test_a_deposited_cheque_clears_by_its_movement(call: Call) -> None:
    set_section("payments.cheque", enabled=True)
    (order,) = waiting(call, payment_method="cheque")
    deposit = command(call, order["order_id"], "deposit-cheque", {"number": "0041", "on": "2026-11-19"})
    assert deposit.status == 200, deposit.text
    statement_id = statement(call, line(f"INGRESO CHEQUE {number(order)}"))
    (row,) = proposals(call, statement_id)
    assert (row["outcome"], row["preselected"]) == ("exact", True)
    confirm(call, statement_id, wish(row))
    ledger = show(call, order["order_id"])["ledger"]
    assert {(one["kind"], one["status"]) for one in ledger} == {("intent", "ok"), ("capture", "ok")}


@pytest.mark.capability("F25")
def test_nothing_is_recorded_in_a_locked_period(call: Call) -> None:
    (order,) = waiting(call)
    statement_id = statement(call, line(number(order), day="20/10/2026"))
    (row,) = proposals(call, statement_id)
    lock = {"until": "2026-10-31", "reason": "with the accountant"}
    assert ask(call, "PUT", "/admin/period-lock", lock, role="admin").status == 200
    before = contents()["OrdersTable"]
    assert results(confirm(call, statement_id, wish(row))) == ["refused period-locked"]
    assert contents()["OrdersTable"] == before
    assert proposals(call, statement_id)[0]["state"] == "open"


def test_confirmed_twice_counts_once(call: Call) -> None:
    (order,) = waiting(call)
    statement_id = statement(call, line(number(order)))
    (row,) = proposals(call, statement_id)
    first = confirm(call, statement_id, wish(row), key="a")
    then = contents()
    again = confirm(call, statement_id, wish(row), key="a")
    assert (again.body, again.headers["idempotent-replay"]) == (first.body, "true")
    assert contents() == then
    other = confirm(call, statement_id, wish(row), key="b")
    assert (results(other), other.body) == (["confirmed"], first.body)
    assert captures(order["order_id"]) == [(TOTAL, "ok", "2026-11-20")]


def test_a_movement_pays_one_order_only(call: Call) -> None:
    one, two = waiting(call, 2)
    statement_id = statement(call, line("nada"))
    (row,) = proposals(call, statement_id)
    path = f"/admin/statements/{statement_id}/entries/{row['entry_id']}"
    chosen = ask(call, "GET", path, query={"order": number(two).lower()}).body["chosen"]
    assert (chosen["order_id"], chosen["outcome"], chosen["why"]) == (two["order_id"], "exact", "chosen")
    assert results(confirm(call, statement_id, wish(row, two["order_id"], "exact"))) == ["confirmed"]
    answer = confirm(call, statement_id, wish(row, one["order_id"], "exact"))
    assert results(answer) == ["refused movement-decided"]
    assert (len(captures(one["order_id"])), len(captures(two["order_id"]))) == (0, 1)
    missing = ask(call, "GET", path, query={"order": "P-999999"})
    assert missing.status == 404


def test_what_the_time_does_not_reach_is_left_and_gone_on_with(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = waiting(call, 3)
    statement_id = statement(call, *(line(number(order)) for order in orders))
    wishes = [wish(row) for row in proposals(call, statement_id)]
    turns = iter([True, True, False])
    with monkeypatch.context() as patched:
        patched.setattr("comanda.backoffice.routes.time_left", lambda *_: lambda: next(turns, False))
        first = confirm(call, statement_id, *wishes, key="k")
    assert (results(first), first.body["left"]) == (["confirmed", "confirmed", "left"], 1)
    assert results(confirm(call, statement_id, *wishes, key="k")) == ["confirmed"] * 3
    assert [len(captures(order["order_id"])) for order in orders] == [1, 1, 1]


@pytest.mark.parametrize("point", ["statement.claimed", "statement.paid"])
def test_a_crash_half_way_never_pays_twice(call: Call, monkeypatch: pytest.MonkeyPatch, point: str) -> None:
    one, two = waiting(call, 2)
    statement_id = statement(call, line(number(one)))
    (row,) = proposals(call, statement_id)

    def die(name: str) -> None:
        if name == point:
            raise Crash

    with monkeypatch.context() as patched:
        patched.setattr(crash, "hook", die)
        with pytest.raises(Crash):
            confirm(call, statement_id, wish(row))
    assert proposals(call, statement_id)[0]["state"] == "confirming"
    elsewhere = confirm(call, statement_id, wish(row, two["order_id"], "exact"), key="two")
    assert results(elsewhere) == (["left"] if point == "statement.claimed" else ["refused movement-decided"])
    assert results(confirm(call, statement_id, wish(row), key="again")) == ["confirmed"]
    assert (len(captures(one["order_id"])), len(captures(two["order_id"]))) == (1, 0)


# -- taken back ------------------------------------------------------------------------------------


def test_a_payment_that_was_undone_can_be_confirmed_anew(call: Call) -> None:
    (order,) = waiting(call)
    approved(call, order["order_id"])
    statement_id = statement(call, line(number(order)))
    (row,) = proposals(call, statement_id)
    confirm(call, statement_id, wish(row), notify=False)
    path = f"/admin/statements/{statement_id}/entries/{row['entry_id']}/reopen"
    stands = ask(call, "POST", path)
    assert (stands.status, stands.body["guard"]) == (409, "payment-stands")
    undone = command(call, order["order_id"], "undo-paid", {})
    assert undone.status == 200, undone.text
    assert proposals(call, statement_id)[0]["taken_back"] is True
    assert ask(call, "POST", path).body["outcome"] == "exact"
    assert ask(call, "POST", path).status == 200
    assert results(confirm(call, statement_id, wish(row), key="anew")) == ["confirmed"]
    assert sorted(status for _, status, _ in captures(order["order_id"])) == ["bounced", "ok"]


@pytest.mark.capability("D06")
def test_a_returned_transfer_is_taken_back(call: Call) -> None:
    (order,) = waiting(call)
    statement_id = statement(
        call, line(number(order)), line(f"DEVOLUCION {number(order)}", -TOTAL, day="21/11/2026")
    )
    came, back = proposals(call, statement_id)
    assert (back["kind"], back["outcome"], back["order"]) == ("returned", "returned", None)
    confirm(call, statement_id, wish(came))
    back = proposals(call, statement_id)[1]
    assert (back["preselected"], back["order"]["order_id"]) == (False, order["order_id"])
    assert results(confirm(call, statement_id, wish(back))) == ["confirmed"]
    assert results(confirm(call, statement_id, wish(back), key="again")) == ["confirmed"]
    assert captures(order["order_id"]) == [(TOTAL, "bounced", "2026-11-20")]
    shown = show(call, order["order_id"])
    assert [one["reason"] for one in shown["holds"] if one["open"]] == ["payment_bounced"]
    assert proposals(call, statement_id)[0]["taken_back"] is True


def test_what_is_no_orders_money_is_set_aside(call: Call) -> None:
    (order,) = waiting(call)
    statement_id = statement(call, line(number(order)))
    (row,) = proposals(call, statement_id)
    path = f"/admin/statements/{statement_id}/entries/{row['entry_id']}"
    aside = ask(call, "POST", f"{path}/set-aside", {"reason": "préstamo del socio"})
    assert (aside.status, aside.body["state"], aside.body["decided"]["reason"]) == (
        200,
        "set_aside",
        "préstamo del socio",
    )
    then = contents()
    assert ask(call, "POST", f"{path}/set-aside", {"reason": "préstamo del socio"}).status == 200
    assert contents() == then
    assert results(confirm(call, statement_id, wish(row))) == ["refused movement-decided"]
    assert captures(order["order_id"]) == []
    assert ask(call, "POST", f"{path}/reopen").body["outcome"] == "exact"
    confirm(call, statement_id, wish(row), key="now")
    answer = ask(call, "POST", f"{path}/set-aside", {"reason": "no"})
    assert (answer.status, answer.body["guard"]) == (409, "movement-decided")


# -- refusals --------------------------------------------------------------------------------------


def test_what_is_not_there_and_who_may_not(call: Call) -> None:
    (order,) = waiting(call)
    statement_id = statement(call, line(number(order)))
    (row,) = proposals(call, statement_id)
    before = contents()
    assert confirm(call, "nothing", wish(row)).status == 404
    assert ask(call, "GET", "/admin/statements/nothing").status == 404
    assert ask(call, "GET", "/admin/statements/nothing/proposals").status == 404
    path = f"/admin/statements/{statement_id}"
    assert ask(call, "GET", f"{path}/entries/{'0' * 32}").status == 404
    assert ask(call, "POST", f"{path}/entries/{'0' * 32}/set-aside", {"reason": "x"}).status == 404
    twice = confirm(call, statement_id, wish(row), wish(row))
    assert (twice.status, twice.body["type"]) == (422, "invalid")
    for body in ({"rows": []}, {"rows": [wish(row) | {"as": "unknown"}]}, {"rows": [wish(row)] * 101}):
        headers = {"Idempotency-Key": "k"}
        assert ask(call, "POST", f"{path}/confirm", body, headers=headers).status == 422
    assert sent(call, line("x"), role="picker").status == 403
    assert contents() == before
    nobody = confirm(call, statement_id, wish(row, "no-such-order"), key="n")
    assert results(nobody) == ["refused not-found"]
    assert captures(order["order_id"]) == []


# -- whatever the order ----------------------------------------------------------------------------

RUNS = counter(1)
# What is confirmed of which order, and as what: the last of them is exact once the one before is there.
MOVEMENTS = ((0, TOTAL, "exact"), (2, TOTAL + 100, "over"), (1, 20_000, "under"), (1, 3_200, "exact"))
SUBSETS = st.lists(st.lists(st.integers(0, 3), unique=True, min_size=1), max_size=4)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SUBSETS, st.permutations(range(4)))
def test_any_subsets_twice_in_any_order_end_in_the_same_ledger(
    call: Call, subsets: list[list[int]], last: list[int]
) -> None:
    turn = next(RUNS)
    orders = waiting(call, 3, comment=f"turn {turn}")
    lines = (line(number(orders[whose]), amount) for whose, amount, _ in MOVEMENTS)
    statement_id = statement(call, *lines)
    rows = proposals(call, statement_id)
    for place, chosen in enumerate([*subsets, last, last, [3]]):
        asked = [wish(rows[n], orders[MOVEMENTS[n][0]]["order_id"], MOVEMENTS[n][2]) for n in chosen]
        results(confirm(call, statement_id, *asked, key=f"{turn}-{place}"))
    paid = [sorted(amount for amount, *_ in captures(order["order_id"])) for order in orders]
    assert paid == [[TOTAL], [3_200, 20_000], [TOTAL + 100]]
    axes = [wiring.desk().load(order["order_id"]).order.payment for order in orders]
    assert axes == ["paid", "paid", "overpaid"]
