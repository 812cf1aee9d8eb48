"""Claims on outside effects: one wins, none is lost, none is repeated blindly."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from comanda import wiring
from comanda.dynamo import row as rows
from comanda.dynamo.transaction import RevisionMoved, Transaction
from comanda.orders.decision import Effect
from comanda.orders.items import out_row
from comanda.orders.outbox import Outbox, expired
from comanda.orders.rows import OutRow

AT = "2026-11-22T10:00:00.000Z"
SOON = "2026-11-22T10:01:00.000Z"
LATER = "2026-11-22T10:02:00.000Z"  # when a claim of AT has run out
MAIL = "mail-order_placed"


@pytest.fixture
def box(aws: None) -> Outbox:
    wiring.orders()
    outbox = wiring.outbox()
    OutRow.write(out_row("o1", Effect(MAIL, "mail", {"event": "order_placed"}), AT))
    return outbox


def stored() -> OutRow:
    found = OutRow.read("o1", f"OUT#{MAIL}")
    assert found is not None
    return found


@pytest.mark.capability("G04")
def test_of_two_workers_one_wins(box: Outbox):
    first = box.claim("o1", MAIL, at=AT)
    second = box.claim("o1", MAIL, at=AT)
    assert first is not None
    assert (first.state, first.attempts, first.lease_until, first.data) == (
        "claimed",
        1,
        LATER,
        {"event": "order_placed"},
    )
    assert second is None
    assert stored().attempts == 1


def test_a_claim_whose_answer_was_lost_is_still_the_winners(box: Outbox, monkeypatch):
    """The client repeats what it got no answer to; the repeat is refused, the claim is ours."""
    real = rows.client()

    class Lossy:
        def update_item(self, **request: Any) -> Any:
            real.update_item(**request)
            return real.update_item(**request)

        def __getattr__(self, name: str) -> Any:
            return getattr(real, name)

    monkeypatch.setattr(rows, "client", Lossy)
    claim = box.claim("o1", MAIL, at=AT)
    assert claim is not None
    assert (claim.state, claim.attempts) == ("claimed", 1)
    assert box.claim("o1", MAIL, at=AT) is None


def test_settled_effects_leave_the_due_index_for_good(box: Outbox):
    box.claim("o1", MAIL, at=AT)
    assert stored().due_sk == f"{LATER}#OUT"
    assert box.settle("o1", MAIL, {"message_id": "m1"})
    done = stored()
    assert (done.state, done.result, done.due_pk, done.due_sk) == ("done", '{"message_id":"m1"}', None, None)
    assert not box.settle("o1", MAIL, {"message_id": "m2"})
    assert stored().result == '{"message_id":"m1"}'
    assert box.claim("o1", MAIL, at=LATER) is None


def test_a_released_claim_may_be_taken_again_only_after_its_pause(box: Outbox):
    claim = box.claim("o1", MAIL, at=AT)
    assert claim
    assert box.release("o1", claim, "Throttling", until=SOON)
    assert (stored().state, stored().due_sk) == ("wanted", f"{SOON}#OUT")
    assert box.claim("o1", MAIL, at=AT) is None
    again = box.claim("o1", MAIL, at=SOON)
    assert again
    assert again.attempts == 2


def test_who_has_lost_the_claim_can_neither_release_nor_doubt_it(box: Outbox):
    old = box.claim("o1", MAIL, at=AT)
    assert old
    assert box.release("o1", old, "Throttling", until=AT)
    new = box.claim("o1", MAIL, at=AT)
    assert new
    assert not box.release("o1", old, "late", until=SOON)
    assert not box.doubt("o1", old, "late")
    assert (stored().state, stored().attempts) == ("claimed", 2)


def test_a_claim_past_its_lease_is_not_taken_by_itself(box: Outbox):
    claim = box.claim("o1", MAIL, at=AT)
    assert claim
    assert not expired(claim, SOON)
    assert expired(claim, LATER)
    assert box.claim("o1", MAIL, at="2027-01-01T00:00:00.000Z") is None


def test_unknown_is_shown_until_the_outside_or_a_person_says(box: Outbox):
    claim = box.claim("o1", MAIL, at=AT)
    assert claim
    assert box.doubt("o1", claim, "the sender stopped")
    unknown = box.find("o1", MAIL)
    assert unknown
    assert (unknown.state, unknown.result, unknown.due_at) == (
        "unknown",
        {"reason": "the sender stopped"},
        "",
    )
    assert box.claim("o1", MAIL, at=LATER) is None
    assert box.settle("o1", MAIL, {"message_id": "m1"})
    assert stored().state == "done"


def test_an_idempotent_worker_takes_over_what_was_left_behind(box: Outbox):
    claim = box.claim("o1", MAIL, at=AT)
    assert claim
    assert box.take_over("o1", claim, at=SOON) is None
    second = box.take_over("o1", claim, at=LATER)
    assert second
    assert second.attempts == 2
    assert box.take_over("o1", claim, at=LATER) is None
    box.doubt("o1", second, "no answer")
    unknown = box.find("o1", MAIL)
    assert unknown
    third = box.take_over("o1", unknown, at=LATER)
    assert third
    assert third.attempts == 3


def test_skipping_needs_that_nobody_has_begun(box: Outbox):
    box.claim("o1", MAIL, at=AT)
    assert not box.skip("o1", MAIL, "paid")
    assert stored().state == "claimed"


def test_failing_is_final_until_it_turns_out_to_have_happened(box: Outbox):
    assert box.fail("o1", MAIL, "MessageRejected")
    assert not box.fail("o1", MAIL, "again")
    assert box.claim("o1", MAIL, at=LATER) is None
    assert box.settle("o1", MAIL, {"message_id": "m1"})


def test_deferring_moves_only_what_it_saw(box: Outbox):
    wanted = box.find("o1", MAIL)
    assert wanted
    assert box.defer("o1", wanted, until=LATER)
    assert stored().due_sk == f"{LATER}#OUT"
    box.claim("o1", MAIL, at=AT)
    assert not box.defer("o1", wanted, until=SOON)


def test_an_effect_that_is_not_there_is_not_made(box: Outbox):
    assert box.claim("o1", "mail-nothing", at=AT) is None
    assert not box.settle("o1", "mail-nothing", {})
    assert not box.fail("o1", "mail-nothing", "x")
    assert box.find("o1", "mail-nothing") is None


def test_settling_goes_with_somebodys_transaction_or_not_at_all(box: Outbox):
    tx = Transaction()
    box.settling(tx, "o1", MAIL, {"charge": "ch_1"})
    box.failing(tx, "o1", "mail-nothing", "x")
    with pytest.raises(RevisionMoved):
        tx.commit()
    assert stored().state == "wanted"
    tx = Transaction()
    box.settling(tx, "o1", MAIL, {"charge": "ch_1"})
    tx.commit()
    assert (stored().state, stored().result) == ("done", '{"charge":"ch_1"}')


def test_other_refusals_are_not_swallowed(box: Outbox, monkeypatch):
    class Broken:
        def update_item(self, **request: Any) -> Any:
            raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "UpdateItem")

    monkeypatch.setattr(rows, "client", Broken)
    with pytest.raises(ClientError):
        box.claim("o1", MAIL, at=AT)
    with pytest.raises(ClientError):
        box.settle("o1", MAIL, {})
