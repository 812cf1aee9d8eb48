"""What an order went through: verified, looked up as of then, checked elsewhere; and orders purged."""

import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from local.demo.outside import Answer, eventually, fresh_key
from tests.e2e.core.merchant import DOCS, Merchant, problem
from tests.e2e.shop import Order

pytestmark = pytest.mark.e2e


@pytest.mark.capability("C07", "G09", "G17", "C16")
def test_an_order_is_shown_as_of_each_moment_of_its_history(merchant: Merchant) -> None:
    cup = merchant.product()
    order = merchant.settled((cup, 2))
    merchant.ship(order, (cup, 1), notify=False)
    merchant.does(order, "hold", {"reason": "fraud", "note": "Llamar a la señora Ibáñez"})
    seen = merchant.seen(order)
    facts = {fact["type"]: fact for fact in seen["history"]}
    told = merchant.staff.get(f"/admin/orders/{order.id}/history/verify")
    assert (told["whole"], told["findings"], told["facts"]) == (True, [], len(seen["history"]))
    for fact, expected in (
        ("OrderPlaced", ("awaiting_verification", "pending", False)),
        ("OrderApproved", ("placed", "pending", True)),
        ("PaymentCaptured", ("placed", "paid", True)),
    ):
        moment = quote(facts[fact]["at"])
        then = merchant.staff.get(f"/admin/orders/{order.id}?as_of={moment}")
        assert (then["lifecycle"], then["payment"], then["approved"]) == expected
        assert (then["holds"], then["shipments"]) == ([], [])
    later = merchant.staff.get(f"/admin/orders/{order.id}?as_of=2031-01-01T00:00:00Z")
    same = ("lines", "totals", "ledger", "holds", "shipments", "version", "customer", "addresses", "history")
    assert {name: later[name] for name in same} == {name: seen[name] for name in same}
    assert {fact["actor"].split(":")[0] for fact in seen["history"]} == {"customer", "staff"}
    assert all(fact["cause"] for fact in seen["history"])
    early = merchant.staff.send("GET", f"/admin/orders/{order.id}?as_of=2020-01-01T00:00:00Z")
    assert problem(early)[:2] == (404, "not-found")


@pytest.mark.capability("G09", "C07")
def test_an_exported_history_is_checked_by_the_script_in_the_docs_and_forgery_named(
    merchant: Merchant, tmp_path: Path
) -> None:
    order = merchant.settled((merchant.product(), 1))
    script = tmp_path / "check.py"
    script.write_text(
        next(
            code
            for code in re.findall(r"```python\n(.*?)```", (DOCS / "history.md").read_text(), re.DOTALL)
            if "sys.argv" in code
        )
    )

    def check(history: object) -> tuple[int, str]:
        file = tmp_path / "history.json"
        file.write_text(json.dumps(history), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-I", str(script), str(file)], capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    export = merchant.staff.call("GET", f"/admin/orders/{order.id}/history.json").text
    whole = json.loads(export)
    number = merchant.seen(order)["number"]
    told = check(whole)
    assert (told[0], f"{number}: {len(whole['facts'])} facts, whole" in told[1]) == (0, True)
    assert merchant.staff.get(f"/admin/orders/{order.id}/history/verify")["head_hash"] in told[1]
    forged = json.loads(export)
    forged["facts"][2]["at"] = "2020-01-01T00:00:00.000Z"
    assert check(forged) == (1, "fact 3 was changed, or one before it is missing\n")
    shorter = json.loads(export)
    del shorter["facts"][-1]
    assert check(shorter) == (1, "the end is missing\n")
    renamed = json.loads(export)
    contact = next(text for text in renamed["texts"] if text["name"] == "contact")
    contact["value"]["name"] = "Otra Persona"
    assert check(renamed) == (1, "the text contact was changed\n")


def purge(merchant: Merchant, order: Order) -> Answer:
    version = {"If-Match": f'"{merchant.seen(order)["version"]}"'}
    path, body = f"/admin/orders/{order.id}/purge", {"reason": "test"}
    return merchant.admin.send("POST", path, body, headers=fresh_key() | version)


@pytest.mark.capability("C22")
def test_an_administrator_purges_an_ended_order_for_ever_and_a_tombstone_stays(merchant: Merchant) -> None:
    cup = merchant.product()
    order = merchant.place(lines=[{"sku": cup, "quantity": 1}], payment_method="request")
    with merchant.untouched(order, cup):
        assert problem(purge(merchant, order)) == (409, "wrong-state", "not-ended")
        assert merchant.refused(order, "purge", {"reason": "test"})[:2] == (403, "forbidden")
    merchant.does(order, "cancel", {"reason": "customer"})
    done = eventually(lambda: (a := purge(merchant, order)).status == 200 and a, "purged", order.id)
    assert done
    assert problem(merchant.staff.send("GET", f"/admin/orders/{order.id}"))[:2] == (404, "not-found")
    assert problem(order.api.send("GET", f"/orders/{order.id}"))[:2] == (404, "not-found")
    (stone,) = [
        each for each in merchant.admin.get("/admin/audit/purged")["items"] if each["order_id"] == order.id
    ]
    assert (stone["reason"], stone["head_hash"]) == ("test", done.body["head_hash"])
    left = {key for table, key in merchant.kept(order.id) if table == "orders"}
    assert all("TOMBSTONE" in key for key in left)
    assert "Ámsterdam" not in str(merchant.kept(order.id))
    eventually(
        lambda: merchant.staff.get(f"/admin/orders?q={order.number}")["items"] == [],
        "no longer found",
        order.id,
    )
