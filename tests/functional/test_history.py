"""The stored history: one flipped byte is named, any past state can be had again, all can be taken out."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from comanda import wiring
from comanda.canonical import canonical
from comanda.dynamo.packed import pack
from comanda.orders.as_stored import AsStored
from comanda.orders.evolve import replay
from comanda.orders.facts import Happened, Origin, chain, fact_hash
from comanda.orders.verify_history import Finding, verify_history
from tests.functional.conftest import Call
from tests.functional.histories import done, items, put, remove, snapshot_text, storied, tamper, text_of
from tests.functional.shop import place
from tests.functional.staff import ask, command, show

ACTORS = r"customer|system|merchant|staff:\S+|provider:\S+"
CAUSES = r"(request|webhook|link|workflow):\S+|sweep"


@pytest.fixture
def order_id(call: Call) -> str:
    return storied(call)


def findings(order_id: str) -> list[Finding]:
    return list(verify_history(stored(order_id), wiring.orders().written).findings)


def stored(order_id: str) -> AsStored:
    found = wiring.orders().as_stored(order_id)
    assert found is not None
    return found


@pytest.mark.capability("G09", "C07")
def test_a_history_that_nobody_touched_is_whole(call: Call, order_id: str) -> None:
    answer = ask(call, "GET", f"/admin/orders/{order_id}/history/verify")
    order = show(call, order_id)
    last = order["history"][-1]
    assert answer.status == 200
    assert answer.body == {
        "order_id": order_id,
        "whole": True,
        "revision": len(items(order_id, "FACT#")),
        "facts": last["seq"],
        "head_hash": last["hash"],
        "findings": [],
    }
    assert ask(call, "GET", "/admin/orders/nobody/history/verify").status == 404


@pytest.mark.capability("G09")
def test_what_was_changed_in_the_table_is_named_by_the_route(call: Call, order_id: str) -> None:
    commits = items(order_id, "FACT#")
    tamper(commits[2], '"actor":"', '"actor":"x')
    named = ask(call, "GET", f"/admin/orders/{order_id}/history/verify").body
    seq = next(fact["seq"] for fact in show(call, order_id)["history"] if fact["actor"].startswith("x"))
    assert (named["whole"], named["head_hash"]) == (False, None)
    assert [(one["what"], one["where"]) for one in named["findings"]] == [("fact", str(seq))]


FLIPPED = {"FACT#": "fact", "ORDER": "order", "LEDGER#": "ledger", "SHIPMENT#": "shipment", "PII#": "text"}


def leaves(item: dict[str, Any], path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Paths of the texts and numbers in a raw item; its keys cannot be changed in place."""
    found: list[tuple[str, ...]] = []
    for name, value in item.items():
        if isinstance(value, dict):
            found += leaves(value, (*path, name))
        elif not path or path[0] not in ("pk", "sk"):
            found.append((*path, name))
    return found


def flipped(item: dict[str, Any], path: tuple[str, ...], at: int, to: str) -> dict[str, Any]:
    name, *rest = path
    if rest:
        return item | {name: flipped(item[name], tuple(rest), at, to)}
    value = item[name]
    if isinstance(value, bytes):
        other = (value[at % len(value)] + 1 + ord(to)) % 256
        return item | {name: value[: at % len(value)] + bytes([other]) + value[at % len(value) + 1 :]}
    at %= len(value)
    return item | {name: value[:at] + (to if value[at] != to else chr(ord(to) + 1)) + value[at + 1 :]}


def exchanged(whole: AsStored, old: dict[str, Any], new: dict[str, Any]) -> AsStored:
    def swap(among: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
        return tuple(new if item is old else item for item in among)

    snapshot = new if whole.snapshot is old else whole.snapshot
    return replace(whole, snapshot=snapshot, parts=swap(whole.parts), commits=swap(whole.commits))


def same_text(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """The last bits of a packed text may be anything: nothing is read from them."""
    try:
        return text_of(one) == text_of(other)
    except ValueError:
        return False


@pytest.mark.capability("G09")
def test_any_flipped_byte_in_any_stored_item_is_named(order_id: str) -> None:
    whole, written = stored(order_id), wiring.orders().written
    among = [whole.snapshot, *whole.commits]
    among += [i for i in whole.parts if i["sk"]["S"].startswith(("LEDGER#", "SHIPMENT#", "PII#"))]
    assert {kind for kind in FLIPPED for item in among if item["sk"]["S"].startswith(kind)} == set(FLIPPED)

    @settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(st.data(), st.sampled_from(among), st.integers(0, 100_000))
    def one(data: st.DataObject, item: dict[str, Any], at: int) -> None:
        path = data.draw(st.sampled_from(leaves(item)))
        to = data.draw(st.sampled_from('09az"{},:[- \\\x00é'))
        new = flipped(item, path, at, to)
        assume(path[0] != "body" or not same_text(item, new))
        found = verify_history(exchanged(whole, item, new), written).findings
        kind = next(kind for kind in FLIPPED if item["sk"]["S"].startswith(kind))
        expected = {FLIPPED[kind]} | ({"end"} if path[0] == "revision" else set())
        assert {finding.what for finding in found} <= expected
        assert found

    one()


@pytest.mark.capability("G09")
def test_a_commit_taken_out_is_named(order_id: str) -> None:
    commits = items(order_id, "FACT#")
    last = stored(order_id)
    before = verify_history(last, wiring.orders().written).facts
    remove(commits[-1])
    (finding,) = findings(order_id)
    assert finding.what == "end"
    assert int(finding.where) <= before
    remove(commits[1])
    (finding,) = findings(order_id)
    assert finding.what == "fact"


@pytest.mark.capability("G09")
def test_a_commit_behind_the_end_is_named(order_id: str) -> None:
    last = items(order_id, "FACT#")[-1]
    then = replay(wiring.orders().facts(order_id))
    origin = Origin("staff:nobody", "request:none", then.updated_at)
    facts = chain([Happened("OrderClosed", {})], origin, after=then.facts, prev_hash=then.head_hash)
    revision = len(items(order_id, "FACT#")) + 1
    body = {"B": pack(canonical([fact.to_dict() for fact in facts]))}
    put(last | {"sk": {"S": f"FACT#{revision:010d}"}, "body": body})
    assert findings(order_id) == [Finding("end", str(then.facts + 1))]


@pytest.mark.capability("G09")
def test_a_last_fact_told_differently_with_a_fitting_hash_is_named(order_id: str) -> None:
    last = items(order_id, "FACT#")[-1]
    facts = list(wiring.orders().facts(order_id))
    told = facts[-1].to_dict() | {"actor": "staff:somebody-else"}
    again = told | {"hash": fact_hash(told, facts[-1].prev_hash)}
    old, new = canonical(facts[-1].to_dict()), canonical(again)
    tamper(last, old, new)
    assert findings(order_id) == [Finding("order", "head_hash")]


@pytest.mark.capability("G09")
def test_an_order_changed_behind_its_history_is_named(order_id: str) -> None:
    entries = [entry for entry in items(order_id, "LEDGER#") if '"kind":"capture"' in text_of(entry)]
    tamper(entries[0], '"amount":10000', '"amount":10001')
    remove(entries[1])
    parcel, *_ = items(order_id, "SHIPMENT#")
    put(parcel | {"sk": {"S": "SHIPMENT#zz"}})
    names = [entry["sk"]["S"].removeprefix("LEDGER#") for entry in entries]
    expected = sorted([Finding("ledger", name) for name in names], key=lambda finding: finding.where)
    assert findings(order_id) == [*expected, Finding("shipment", "zz")]


@pytest.mark.capability("G09")
def test_a_history_put_into_another_order_is_named(call: Call, order_id: str) -> None:
    other = str(place(call, key="other")["order_id"])
    for item in items(other, "FACT#"):
        remove(item)
    for item in items(order_id):
        put(item | {"pk": {"S": other}})
    assert findings(other) == [Finding("fact", "1")]


@pytest.mark.capability("G09")
def test_a_changed_text_is_named_and_an_erased_one_is_not_missed(order_id: str) -> None:
    (comment,) = items(order_id, "PII#comment")
    tamper(comment, "sin azúcar", "con azúcar")
    assert findings(order_id) == [Finding("text", "comment")]
    remove(comment)
    assert findings(order_id) == []


@pytest.mark.capability("G09")
def test_what_is_written_while_it_is_read_is_no_finding(call: Call, order_id: str) -> None:
    """A reader may see each item before or after a commit that is being written."""
    before = stored(order_id)
    parcel = {"lines": [{"sku": "CAFE-1", "quantity": 1}], "carrier": "dhl", "tracking_number": "T9"}
    done(call, order_id, "ship", parcel)
    after = stored(order_id)
    written = wiring.orders().written
    mixed = replace(after, snapshot=before.snapshot)
    assert verify_history(mixed, written).findings == ()
    assert verify_history(replace(mixed, parts=before.parts), written).findings == ()
    unfinished = replace(mixed, latest=before.latest)  # but a commit without its order is one
    assert [one.what for one in verify_history(unfinished, written).findings] == ["end"]


@pytest.mark.capability("C07", "G09")
def test_every_fact_says_who_and_through_what(call: Call, order_id: str) -> None:
    for fact in show(call, order_id)["history"]:
        assert re.fullmatch(ACTORS, fact["actor"]), fact
        assert re.fullmatch(CAUSES, fact["cause"]), fact


def test_the_history_holds_nothing_personal(order_id: str) -> None:
    everything = snapshot_text(order_id) + "".join(text_of(item) for item in items(order_id, "FACT#"))
    for personal in ("ana@example.com", "Muñoz", "1234", "Obregón", "azúcar", "color", "8812"):
        assert personal not in everything


@pytest.mark.capability("G17", "C16")
def test_any_past_state_is_what_was_stored_then(call: Call) -> None:
    order_id = storied(call)
    held = [snapshot_text(order_id)]
    answers = [show(call, order_id)]
    for name, body in (("hold", {"reason": "fraud"}), ("hold", {"reason": "manual", "note": "otra vez"})):
        done(call, order_id, name, body)
        held.append(snapshot_text(order_id))
        answers.append(show(call, order_id))
    last = len(items(order_id, "FACT#"))
    for revision, text, then in zip(range(last - 2, last + 1), held, answers, strict=True):
        rebuilt = replay(wiring.orders().facts_until(order_id, revision))
        assert canonical(rebuilt.snapshot() | {"revision": revision}) == text
        shown = ask(call, "GET", f"/admin/orders/{order_id}", query={"as_of": str(revision)})
        assert shown.status == 200
        assert shown.body["as_of"] == {"revision": revision, "at": then["history"][-1]["at"]}
        told = {name: value for name, value in shown.body.items() if name != "as_of"}
        assert told == {name: then[name] for name in told}
        assert "etag" not in shown.headers


@pytest.mark.capability("G17", "C16")
def test_an_order_as_of_an_instant(call: Call, order_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = wiring.now()
    before = show(call, order_id)["version"]
    monkeypatch.setattr(wiring, "now", lambda: now + timedelta(hours=2))
    done(call, order_id, "hold", {"reason": "fraud"})

    def as_of(when: str) -> Any:
        return ask(call, "GET", f"/admin/orders/{order_id}", query={"as_of": when})

    assert as_of((now + timedelta(hours=1)).isoformat()).body["version"] == before
    assert as_of((now + timedelta(hours=2)).isoformat()).body["version"] == before + 1
    assert as_of((now - timedelta(hours=1)).isoformat()).status == 404
    assert as_of("0").status == as_of("999").status == 404
    for unclear in ("yesterday", "2026-11-22T10:00:00", "-1", "1.5"):
        answer = as_of(unclear)
        assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/as_of")


@pytest.mark.capability("G17")
def test_a_text_that_was_changed_later_is_not_shown_as_the_earlier_one(call: Call, order_id: str) -> None:
    order = show(call, order_id)
    (contact,) = items(order_id, "PII#contact")
    remove(contact)
    then = ask(call, "GET", f"/admin/orders/{order_id}", query={"as_of": "1"}).body
    assert order["customer"]["name"] == "Ana Muñoz"
    assert then["customer"]["name"] is None
    put(contact | {"body": {"S": text_of(contact).replace("Ana", "Eva")}})
    then = ask(call, "GET", f"/admin/orders/{order_id}", query={"as_of": "1"}).body
    assert then["customer"]["name"] is None
    assert then["comment"] == "sin azúcar, por favor"


def test_the_past_of_a_broken_history_is_refused_by_name(call: Call, order_id: str) -> None:
    commits = items(order_id, "FACT#")
    tamper(commits[0], '"actor":"', '"actor":"x')
    for path in ("", "/history.json"):
        answer = ask(call, "GET", f"/admin/orders/{order_id}{path}", query={"as_of": "2"})
        assert (answer.status, answer.body["guard"]) == (409, "broken-history")


def test_a_picker_reads_no_history(call: Call, order_id: str) -> None:
    for path in ("/history/verify", "/history.json"):
        assert ask(call, "GET", f"/admin/orders/{order_id}{path}", role="picker").status == 403


def test_reading_a_history_makes_nobody_stale(call: Call, order_id: str) -> None:
    seen = show(call, order_id)["version"]
    ask(call, "GET", f"/admin/orders/{order_id}/history/verify")
    assert command(call, order_id, "hold", {"reason": "fraud"}, version=seen).status == 200


def checked(path: Path, history: dict[str, Any]) -> "subprocess.CompletedProcess[str]":
    """Run the check that the documentation prints on an exported history."""
    page = (Path(__file__).parents[2] / "docs" / "history.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    script, file = path / "check.py", path / "history.json"
    script.write_text(code)
    file.write_text(json.dumps(history))
    return subprocess.run([sys.executable, script, file], capture_output=True, text=True, check=False)


@pytest.mark.capability("G09", "G17")
def test_an_exported_history_is_checked_elsewhere(call: Call, order_id: str, tmp_path: Path) -> None:
    answer = ask(call, "GET", f"/admin/orders/{order_id}/history.json")
    order = show(call, order_id)
    assert answer.headers["content-disposition"] == f'attachment; filename="{order["number"]}-history.json"'
    file = answer.body
    assert file["facts"] == order["history"]
    assert {text["name"] for text in file["texts"]} >= {"contact", "shipping", "comment"}
    told = checked(tmp_path, file)
    assert (told.returncode, told.stderr) == (0, "")
    assert f"{len(file['facts'])} facts, whole; head {file['head_hash']}" in told.stdout
    assert checked(tmp_path, file | {"texts": []}).returncode == 0


@pytest.mark.capability("G09")
def test_the_check_elsewhere_names_what_was_changed(call: Call, order_id: str, tmp_path: Path) -> None:
    file = ask(call, "GET", f"/admin/orders/{order_id}/history.json").body
    facts, texts = file["facts"], file["texts"]
    changed = [*facts[:3], facts[3] | {"actor": "staff:x"}, *facts[4:]]
    assert "fact 4 was changed" in checked(tmp_path, file | {"facts": changed}).stderr
    assert "fact 3 was changed" in checked(tmp_path, file | {"facts": facts[:2] + facts[3:]}).stderr
    assert "the end is missing" in checked(tmp_path, file | {"facts": facts[:-1]}).stderr
    other = [texts[0] | {"value": "x"}, *texts[1:]]
    assert f"text {texts[0]['name']} was changed" in checked(tmp_path, file | {"texts": other}).stderr
