"""Two profiles of one person become one: nothing lost, nothing twice, wherever it is interrupted."""

from typing import Any

import pytest

from comanda import wiring
from comanda.customers.wallet import CREDIT, Account
from comanda.dynamo.transaction import Transaction
from comanda.orders.evolve import replay
from functions.project_search.app import lambda_handler as projector
from tests.functional.conftest import Call
from tests.functional.merges import (
    ADDRESS,
    ANA,
    ANITA,
    Two,
    balance,
    merge,
    outcome,
    owner,
    project_all,
    swept,
    two,
    uses,
)
from tests.functional.shop import place
from tests.functional.staff import ask, command
from tests.functional.tables import contents
from tests.functional.test_customers import again, change, found, shown, verified


@pytest.fixture
def here(call: Call) -> Two:
    return two(call)


def expected(here: Two) -> dict[str, Any]:
    """What there was before, with Ana alone."""
    before = outcome(here)
    owed = sum(before["owed"])
    return {
        "owners": {here.ana},
        "facts": [0, 1, 1, 1],
        "credit": ((3_500, 3_500), (0, 0)),
        "owed": (owed, 0),
        "uses": (1, 0),
        "places": [sorted(place for places in before["places"] for place in places), []],
        "emails": ["ana@example.com", "anita@example.net"],
        "open": [],
    }


@pytest.mark.capability("D36", "D23")
def test_everything_of_one_belongs_to_the_other(call: Call, here: Two) -> None:
    wanted = expected(here)
    assert wanted["owed"][0] > 0
    answer = merge(call, here.anita, here.ana)
    assert answer.status == 200, answer.text
    assert outcome(here) == wanted
    record = answer.body
    assert (record["state"], record["orders"], record["into"]) == ("done", 3, here.ana)
    assert record["store_credit"] == [{"amount": 2_500, "currency": "MXN"}]
    project_all()
    ana, anita = shown(call, here.ana), shown(call, here.anita)
    assert {item["order_id"] for item in ana["orders"]["items"]} == {
        *here.orders[here.ana],
        *here.orders[here.anita],
    }
    assert (ana["tax_id"], ana["tags"], ana["note"]) == ("MUAA800101AB1", ["vip"], "Paga tarde")
    assert ana["credit_terms"]["net_days"] == 30
    assert [one["customer_id"] for one in ana["merged_from"]] == [here.anita]
    assert ana["store_credit"]["balance"]["amount"] == 3_500
    assert (anita["merged_into"], anita["merge"]["into"]) == (here.ana, here.ana)
    assert [item["customer_id"] for item in found(call, q="muñoz")] == [here.ana]
    for order_id in here.orders[here.anita]:
        order = wiring.desk().load(order_id).order
        assert (
            replay(wiring.orders().facts(order_id)).snapshot() | {"revision": order.revision}
            == order.snapshot()
        )


@pytest.mark.capability("A04", "A21", "D36")
def test_whoever_comes_back_under_the_other_address_is_the_one_who_stays(call: Call, here: Two) -> None:
    assert merge(call, here.anita, here.ana).status == 200
    signed = {"headers": {"Authorization": f"Bearer {here.anita_token}"}}
    profile = call("customer_order", "GET", "/customer", **signed)
    assert profile.body["customer"]["email"] == "ana@example.com"
    assert profile.body["store_credit"] == {"amount": 3_500, "currency": "MXN"}
    assert owner(again(call, here.anita_token, "with-the-old-token")["order_id"]) == here.ana
    named = again(call, here.ana_token, "named", customer=ANITA)["order_id"]
    assert (owner(named), wiring.desk().load(named).text("contact")["email"]) == (
        here.ana,
        "anita@example.net",
    )
    guest = place(call, key="as-a-guest", customer=ANITA)["order_id"]
    assert owner(guest) == here.ana
    verified(call, guest)
    after = wiring.customers().load(here.ana)
    assert after
    assert (after.email, after.emails, owner(guest)) == (
        "ana@example.com",
        ["ana@example.com", "anita@example.net"],
        here.ana,
    )
    assert all(one["verified_at"] for one in after.other_emails)


@pytest.mark.capability("D36")
def test_the_preview_names_what_the_merge_does(call: Call, here: Two) -> None:
    before = contents()
    answer = ask(call, "GET", f"/admin/customers/{here.anita}/merge", query={"into": here.ana})
    assert answer.status == 200, answer.text
    assert contents() == before
    told = answer.body
    assert told["cannot_be_undone"] is True
    assert told["orders"] == {"number": 3, "complete": True}
    assert merge(call, here.anita, here.ana, into_version=told["into"]["version"]).status == 200
    after = outcome(here)
    assert told["emails"] == after["emails"]
    assert told["store_credit"][0]["after"]["amount"] == after["credit"][0][0]
    assert told["credit_terms"]["owed_after"]["amount"] == after["owed"][0]
    customer = wiring.customers().load(here.ana)
    for name, change_of in told["profile"].items():
        assert getattr(customer, name) == change_of["after"]
    assert {"tax_id", "tags", "note", "net_days", "credit_limit"} == told["profile"].keys()


class Killed(BaseException):
    """Nobody catches this: the process is gone."""


@pytest.mark.capability("D36", "F09")
@pytest.mark.parametrize("how", ["asked-again", "swept"])
def test_killed_before_any_write_and_gone_on_with(
    call: Call, monkeypatch: pytest.MonkeyPatch, here: Two, how: str
) -> None:
    """Each life ends one write later than the one before."""
    wanted, version = expected(here), shown(call, here.anita)["version"]
    commit, lives = Transaction.commit, 0
    while True:
        lives += 1
        left = 1

        def mortal(tx: Transaction) -> None:
            nonlocal left
            if left == 0:
                raise Killed
            left -= 1
            commit(tx)

        with monkeypatch.context() as patched:
            patched.setattr(Transaction, "commit", mortal)
            try:
                if lives == 1 or how == "asked-again":
                    merge(call, here.anita, here.ana, seen=version)
                else:
                    wiring.merging().unfinished(lambda: True)
            except Killed:
                assert balance(here.ana)[0] + balance(here.anita)[0] == 3_500
                assert sum(outcome(here)["owed"]) == sum(wanted["owed"])
                continue
        break
    assert lives == 7  # deciding, addresses, credit, three orders, the end: one write each
    assert outcome(here) == wanted
    again_answer = merge(call, here.anita, here.ana, seen=version)
    assert (again_answer.status, again_answer.headers["idempotent-replay"]) == (200, "true")
    assert again_answer.body["orders"] == 3


@pytest.mark.capability("D36")
def test_what_time_does_not_allow_the_sweep_does(call: Call, here: Two) -> None:
    wanted = expected(here)
    merging = wiring.merging()
    seconds = iter([True, False])
    merging.merge(here.anita, here.ana, *_asked(call, here.anita), more_time=lambda: next(seconds, False))
    assert wiring.merges().unfinished() == [here.anita]
    assert ask(call, "GET", f"/admin/customers/{here.anita}").body["merge"]["state"] == "running"
    swept()
    assert outcome(here) == wanted
    assert ask(call, "GET", f"/admin/customers/{here.anita}").body["merge"]["state"] == "done"


def _asked(call: Call, customer_id: str) -> tuple[Any, ...]:
    from comanda.backoffice.customers.merging import Seen
    from comanda.idempotency.store import Request
    from comanda.origin import Origin

    origin = Origin("staff:1", "request:1", "2026-11-21T18:00:00.000Z")
    return Seen(shown(call, customer_id)["version"]), Request.of("merge", "k", {}), origin


@pytest.mark.capability("D36")
def test_an_order_that_was_being_written_meanwhile_follows(call: Call, here: Two) -> None:
    """Its checkout had read whose address it is before the merge."""
    late = place(call, key="late", customer=ANITA)["order_id"]
    assert merge(call, here.anita, here.ana).status == 200
    assert owner(late) == here.anita  # its token was not there yet
    assert wiring.merges().unfinished() == []
    item = wiring.orders().written(wiring.desk().load(late).order)["ORDER"]
    record = {"dynamodb": {"Keys": {name: item[name] for name in ("pk", "sk")}, "NewImage": item}}
    record["dynamodb"]["SequenceNumber"] = "1"
    assert projector({"Records": [record]}, None) == {"batchItemFailures": []}
    assert wiring.merges().unfinished() == [here.anita]
    swept()
    assert (owner(late), wiring.merges().unfinished()) == (here.ana, [])


@pytest.mark.capability("D36", "D40")
def test_money_that_goes_back_to_the_former_customer_reaches_the_one_who_stays(call: Call, here: Two) -> None:
    order_id = again(call, here.anita_token, "half", store_credit={"amount": 2_000, "currency": "MXN"})[
        "order_id"
    ]
    project_all()
    assert merge(call, here.anita, here.ana).status == 200
    assert balance(here.ana) == (1_500, 1_500)
    answer = command(call, order_id, "cancel", {"reason": "customer"})
    assert answer.status == 200, answer.text
    assert (balance(here.ana), balance(here.anita)) == ((3_500, 3_500), (0, 0))


@pytest.mark.capability("D36")
def test_a_merge_of_merged_customers_leads_to_the_last(call: Call, here: Two) -> None:
    third = place(call, key="third", customer=ANA | {"email": "amunoz@example.org"})["order_id"]
    token = verified(call, third)
    project_all()
    assert merge(call, here.anita, here.ana).status == 200
    project_all()
    assert merge(call, here.ana, owner(third), key="merge-2").status == 200
    last = owner(third)
    assert {owner(order_id) for orders in here.orders.values() for order_id in orders} == {last}
    assert balance(last) == (3_500, 3_500)
    assert uses("VERANO", last) == 1
    assert owner(place(call, key="guest", customer=ANITA)["order_id"]) == last
    for one in (here.ana_token, here.anita_token, token):
        signed = {"headers": {"Authorization": f"Bearer {one}"}}
        assert (
            call("customer_order", "GET", "/customer", **signed).body["customer"]["email"]
            == "amunoz@example.org"
        )
    account = Account(CREDIT, here.anita, "MXN")
    assert wiring.wallets().now_of(account).owner == last


@pytest.mark.capability("D36")
def test_a_merge_that_is_refused_changes_nothing(call: Call, here: Two) -> None:
    stranger = owner(place(call, key="stranger", customer=ANA | {"email": "otra@example.com"})["order_id"])
    version = shown(call, here.ana)["version"]
    refusals: list[tuple[str, str, dict[str, Any], int, str]] = [
        (here.anita, here.anita, {}, 422, "/into"),
        (here.anita, "nobody", {}, 422, "/into"),
        (here.anita, stranger, {}, 409, "merge-the-other-way"),
        (here.anita, here.ana, {"seen": 99}, 412, ""),
        (here.anita, here.ana, {"into_version": version + 1}, 412, ""),
    ]
    before = contents()
    for customer_id, into, more, status, told in refusals:
        answer = merge(call, customer_id, into, **more)
        assert answer.status == status, answer.text
        assert told in answer.text
    assert (
        ask(
            call,
            "POST",
            "/admin/customers/nobody/merge",
            {"into": here.ana},
            headers={"If-Match": '"1"', "Idempotency-Key": "x"},
        ).status
        == 404
    )
    assert contents() == before


@pytest.mark.capability("D36")
def test_a_customer_who_was_merged_is_only_read(call: Call, here: Two) -> None:
    assert merge(call, here.anita, here.ana).status == 200
    before = contents()
    for method, path, body in (
        ("PATCH", here.anita, {"note": "x"}),
        ("POST", f"{here.anita}/addresses", {"address": ADDRESS}),
    ):
        answer = change(call, method, path, body)
        assert (answer.status, answer.body["guard"]) == (409, "customer-merged")
    money = {"amount": {"amount": 100, "currency": "MXN"}, "reason": "x"}
    path, key = f"/admin/customers/{here.anita}/credit", {"Idempotency-Key": "c"}
    answer = ask(call, "POST", path, money, role="admin", headers=key)
    assert (answer.status, answer.body["guard"]) == (409, "customer-merged")
    answer = merge(call, here.anita, here.ana, key="another")
    assert (answer.status, answer.body["guard"]) == (409, "customer-merged")
    answer = merge(call, here.ana, here.anita, key="back")
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/into")
    assert contents() == before


@pytest.mark.capability("D36", "D23")
def test_who_may_be_the_same_person_is_told_with_the_reason(call: Call, here: Two) -> None:
    others = [
        ("a.na.shop+x@gmail.com", "Otra Persona", "", "06700"),
        ("anashop@googlemail.com", "Alguien", "", "01000"),
        ("luis@example.com", "Luis Pérez", "55 9999 0000", "06700"),
    ]
    ids = {}
    for email, name, phone, code in others:
        customer = {"email": email, "name": name} | ({"phone": phone} if phone else {})
        place_at = ADDRESS | {"postal_code": code}
        ids[email] = owner(place(call, key=email, customer=customer, shipping_address=place_at)["order_id"])
    project_all()

    def alike(customer_id: str) -> list[tuple[str, list[str]]]:
        answer = ask(call, "GET", f"/admin/customers/{customer_id}/duplicates")
        assert answer.status == 200, answer.text
        return [(item["customer"]["customer_id"], item["reasons"]) for item in answer.body["items"]]

    assert alike(here.ana) == [(here.anita, ["phone", "name_and_postal_code"])]
    assert alike(here.anita) == [(here.ana, ["phone", "name_and_postal_code"])]
    assert alike(ids["a.na.shop+x@gmail.com"]) == [(ids["anashop@googlemail.com"], ["email"])]
    assert alike(ids["anashop@googlemail.com"]) == [(ids["a.na.shop+x@gmail.com"], ["email"])]
    assert alike(ids["luis@example.com"]) == []
    assert ask(call, "GET", "/admin/customers/nobody/duplicates").status == 404
    assert merge(call, here.anita, here.ana).status == 200
    project_all()
    assert alike(here.ana) == []
