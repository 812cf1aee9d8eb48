"""The mail function on real items: once, in the right language, to the right people, or not at all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comanda import wiring
from comanda.conversation.mime import untag
from comanda.conversation.post import Refused, Unresolved
from comanda.conversation.send import send_mail
from comanda.orders.decision import Decision, Loaded
from comanda.orders.facts import Happened, Origin
from comanda.orders.items import out_row
from comanda.orders.mails import mail
from comanda.orders.model import Entry
from comanda.orders.rows import OutRow
from functions.send_mail.app import lambda_handler
from tests.functional.mails import deliver, effects, letters, outbox, queued, recipients
from tests.functional.shop import place, set_section, stock_product
from tests.functional.test_verify_and_approve import mailed

AT = "2026-11-22T10:00:00.000Z"
MERCHANT = ["ventas@shop.example.com", "almacen@shop.example.com"]


@pytest.fixture
def order_id(call: Any) -> str:
    """A guest's order, not verified yet."""
    stock_product()
    outbox().clear()
    set_section("shop", name="Barro y Lana")
    set_section("notifications", merchant_addresses=MERCHANT, reply_to="hola@shop.example.com")
    return str(place(call)["order_id"])


class Trouble:
    """A post that fails as told, once each, and counts what it was given."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.sent: list[tuple[str, ...]] = []

    def send(self, raw: bytes, sender: str, recipients: Any, tags: Any) -> str:
        self.sent.append(tuple(recipients))
        if self.failures:
            raise self.failures.pop(0)
        return f"0100-{len(self.sent)}"


def room(post: Any, later: float = 0) -> Any:
    now = datetime.now(UTC) + timedelta(seconds=later)
    return replace(wiring.mail_room(), post=post, now=lambda: now)


def staff(monkeypatch: pytest.MonkeyPatch, post: Any, later: float = 0) -> None:
    """From here on the mail function works with this post, `later` seconds from now."""
    monkeypatch.undo()
    made = room(post, later)
    monkeypatch.setattr(wiring, "mail_room", lambda: made)


def verify(call: Any, order_id: str) -> None:
    answer = call(
        "verify_email", "POST", "/verify-email", {"token": mailed(order_id, "verification", "verify")}
    )
    assert answer.status == 200


@pytest.mark.capability("A06", "A09", "D32")
def test_a_guest_gets_the_verification_mail(order_id: str):
    assert deliver(order_id, "verification") == []
    [mail] = letters()
    assert mail["X-Comanda-Event"] == "verification"
    assert mail["X-Comanda-Order"] == order_id
    assert mail["Subject"] == "Barro y Lana: confirma tu correo para la solicitud de pedido P-000001"
    assert mail["Reply-To"].addresses[0].addr_spec == "hola@shop.example.com"
    assert recipients(0) == ["ana@example.com"]
    token = mailed(order_id, "verification", "verify")
    text = mail.get_body(("plain",)).get_content()
    assert f"https://shop.example.com/verify-email?token={token}" in text
    assert "2 × Café CAFE-1" in text


def test_the_mail_is_settled_with_its_message_id_and_never_sent_again(order_id: str):
    for _ in range(5):
        assert deliver(order_id, "verification") == []
    assert len(outbox()) == 1
    effect = effects(order_id)["verification"]
    assert (effect.state, effect.attempts, effect.due_at) == ("done", 1, "")
    assert effect.result["message_id"] == outbox()[0].id


@pytest.mark.capability("A07", "A11", "A16", "D02")
def test_after_verifying_everybody_at_the_merchant_and_the_customer_are_told(call: Any, order_id: str):
    verify(call, order_id)
    deliver(order_id, "merchant_order")
    deliver(order_id, "order_placed")
    merchant, customer = letters()
    assert recipients(0) == MERCHANT
    assert [address.addr_spec for address in merchant["To"].addresses] == MERCHANT
    approve = mailed(order_id, "merchant_order", "approve")
    assert f"/approve-order?token={approve}" in merchant.get_body(("plain",)).get_content()
    assert "(Verificado)" in merchant.get_body(("plain",)).get_content()
    assert recipients(1) == ["ana@example.com"]
    assert customer["X-Comanda-Event"] == "order_placed"


def test_each_reader_is_written_to_in_their_language(call: Any):
    stock_product()
    outbox().clear()
    set_section("notifications", merchant_addresses=MERCHANT, merchant_locale="es")
    order_id = place(call, locale="en")["order_id"]
    verify(call, order_id)
    deliver(order_id, "order_placed")
    deliver(order_id, "merchant_order")
    customer, merchant = letters()
    assert (customer["Content-Language"], merchant["Content-Language"]) == ("en", "es")
    assert "reviewing it" in customer.get_body(("plain",)).get_content()
    assert "por revisar" in merchant["Subject"]


def test_what_the_order_no_longer_needs_is_not_sent(call: Any, order_id: str):
    verify(call, order_id)
    deliver(order_id, "verification")
    assert outbox() == []
    effect = effects(order_id)["verification"]
    assert (effect.state, effect.result, effect.due_at) == ("done", {"skipped": "verified"}, "")


def test_without_a_merchant_address_nothing_waits_for_ever(call: Any, order_id: str):
    set_section("notifications", merchant_addresses=[])
    verify(call, order_id)
    assert deliver(order_id, "merchant_order") == []
    assert effects(order_id)["merchant_order"].result == {"skipped": "nobody to send it to"}
    assert outbox() == []


def test_a_second_worker_in_the_middle_of_the_first_sends_nothing(order_id: str):
    effect_id = effects(order_id)["verification"].effect_id
    outcomes = []

    class Interrupted(Trouble):
        def send(self, raw: bytes, sender: str, recipients: Any, tags: Any) -> str:
            other = Trouble()
            outcomes.append(send_mail(order_id, effect_id, room(other)))
            assert other.sent == []
            return super().send(raw, sender, recipients, tags)

    post = Interrupted()
    assert send_mail(order_id, effect_id, room(post)) == "sent"
    assert outcomes == ["not ours"]
    assert len(post.sent) == 1


def test_two_workers_that_both_saw_it_wanted_send_one_mail(order_id: str, monkeypatch):
    """Both load before either claims: the claim decides, not what was read."""
    effect_id = effects(order_id)["verification"].effect_id
    before = wiring.orders().load(order_id)
    first, second = Trouble(), Trouble()
    assert send_mail(order_id, effect_id, room(first)) == "sent"

    class Stale:
        def load(self, order_id: str) -> Any:
            return before

    assert send_mail(order_id, effect_id, replace(room(second), orders=Stale())) == "not ours"
    assert (len(first.sent), len(second.sent)) == (1, 0)


def test_a_passing_refusal_gives_the_claim_back_and_the_message_comes_again(order_id: str, monkeypatch):
    post = Trouble(Refused("Throttling", passing=True))
    staff(monkeypatch, post)
    assert deliver(order_id, "verification") == ["m-1"]
    effect = effects(order_id)["verification"]
    assert (effect.state, effect.attempts, effect.result) == ("wanted", 1, {"reason": "Throttling"})
    assert deliver(order_id, "verification") == []  # too early: nobody hammers SES
    assert len(post.sent) == 1
    staff(monkeypatch, post, later=60)
    assert deliver(order_id, "verification") == []
    effect = effects(order_id)["verification"]
    assert (effect.state, effect.attempts, effect.result["message_id"]) == ("done", 2, "0100-2")


def test_refusals_do_not_go_on_for_ever(order_id: str):
    effect_id = effects(order_id)["verification"].effect_id
    post = Trouble(*(Refused("Throttling", passing=True) for _ in range(20)))
    outcomes = []
    for hour in range(20):
        try:
            outcomes.append(send_mail(order_id, effect_id, room(post, later=3600 * hour)))
        except Exception as error:
            outcomes.append(type(error).__name__)
    assert outcomes == ["Busy"] * 7 + ["failed"] + ["not ours"] * 12
    assert effects(order_id)["verification"].result == {"reason": "Throttling"}


def test_a_final_refusal_is_shown_as_failed(order_id: str):
    effect_id = effects(order_id)["verification"].effect_id
    post = Trouble(Refused("MessageRejected", passing=False))
    assert send_mail(order_id, effect_id, room(post)) == "failed"
    effect = effects(order_id)["verification"]
    assert (effect.state, effect.result, effect.due_at) == ("failed", {"reason": "MessageRejected"}, "")


@pytest.mark.capability("G04")
def test_a_lost_answer_is_never_answered_by_a_second_mail(order_id: str):
    effect_id = effects(order_id)["verification"].effect_id
    post = Trouble(Unresolved("ReadTimeoutError"))
    assert send_mail(order_id, effect_id, room(post)) == "unknown"
    assert send_mail(order_id, effect_id, room(post, later=7200)) == "not ours"
    assert len(post.sent) == 1
    effect = effects(order_id)["verification"]
    assert (effect.state, effect.result) == ("unknown", {"reason": "ReadTimeoutError"})


class Killed(BaseException):
    """The worker is gone between claim and settlement."""


def test_a_worker_killed_while_sending_leaves_an_unknown_mail_and_no_second_one(order_id: str):
    effect_id = effects(order_id)["verification"].effect_id

    class Deadly:
        def send(self, *given: Any) -> str:
            raise Killed

    with pytest.raises(Killed):
        send_mail(order_id, effect_id, room(Deadly()))
    assert effects(order_id)["verification"].state == "claimed"
    post = Trouble()
    assert send_mail(order_id, effect_id, room(post, later=60)) == "not ours"
    assert effects(order_id)["verification"].state == "claimed"
    assert send_mail(order_id, effect_id, room(post, later=121)) == "unknown"
    assert effects(order_id)["verification"].state == "unknown"
    assert post.sent == []


def test_an_address_no_mail_can_go_to_fails_without_a_claim(order_id: str, monkeypatch):
    loaded = wiring.orders().load(order_id)
    assert loaded
    bad = replace(loaded, personal=loaded.personal | {"contact": {"email": "añа@example.com", "name": "A"}})

    class Bad:
        def load(self, order_id: str) -> Any:
            return bad

    post = Trouble()
    effect_id = effects(order_id)["verification"].effect_id
    assert send_mail(order_id, effect_id, replace(room(post), orders=Bad())) == "failed"
    effect = effects(order_id)["verification"]
    assert (effect.state, effect.attempts) == ("failed", 0)
    assert effect.result == {"reason": "the address cannot receive mail"}


def test_unknown_orders_and_effects_are_let_go(order_id: str):
    assert send_mail("nobody", "mail-x", room(Trouble())) == "no such mail"
    assert send_mail(order_id, "mail-x", room(Trouble())) == "no such mail"
    assert send_mail(order_id, "run-1", room(Trouble())) == "no such mail"


def test_tags_name_order_and_effect(order_id: str):
    seen: dict[str, str] = {}

    class Tagged(Trouble):
        def send(self, raw: bytes, sender: str, recipients: Any, tags: Any) -> str:
            seen.update(tags)
            return super().send(raw, sender, recipients, tags)

    effect_id = effects(order_id)["verification"].effect_id
    send_mail(order_id, effect_id, room(Tagged()))
    assert {name: untag(value) for name, value in seen.items()} == {"order": order_id, "effect": effect_id}


def test_a_rejected_order_tells_the_customer_why(call: Any, order_id: str):
    verify(call, order_id)
    token = mailed(order_id, "merchant_order", "approve")
    body = {"token": token, "decision": "reject", "reason": "No queda café en grano."}
    assert call("approve_order", "POST", "/approve-order", body).status == 200
    deliver(order_id, "order_rejected")
    [mail] = letters()
    assert "No queda café en grano." in mail.get_body(("plain",)).get_content()


FAILED = {
    "kind": "mail",
    "event": "export_failed",
    "batch_id": "b-77",
    "destination": "sftp",
    "problem": "connection-lost: timed out",
}


def test_a_failed_export_is_told_to_the_merchant_once_per_batch(order_id: str):
    for _ in range(3):
        assert lambda_handler(queued(FAILED), None) == {"batchItemFailures": []}
    assert lambda_handler(queued(FAILED | {"batch_id": "b-78"}), None) == {"batchItemFailures": []}
    first, second = letters()
    assert recipients(0) == MERCHANT
    assert first["X-Comanda-Event"] == second["X-Comanda-Event"] == "export_failed"
    assert first["X-Comanda-Order"] is None
    assert "connection-lost: timed out" in first.get_body(("plain",)).get_content()
    notice = wiring.notices().outbox.find("MAIL#b-77", "export_failed")
    assert notice
    assert (notice.state, notice.attempts) == ("done", 1)


def test_a_failed_export_without_anybody_to_tell_is_let_go(order_id: str):
    set_section("notifications", merchant_addresses=[])
    assert lambda_handler(queued(FAILED), None) == {"batchItemFailures": []}
    assert outbox() == []
    notice = wiring.notices().outbox.find("MAIL#b-77", "export_failed")
    assert notice
    assert notice.result == {"skipped": "nobody to send it to"}


def test_a_notice_waits_out_a_passing_refusal(order_id: str, monkeypatch):
    post = Trouble(Refused("Throttling", passing=True))
    staff(monkeypatch, post)
    assert lambda_handler(queued(FAILED), None)["batchItemFailures"] == [{"itemIdentifier": "m-1"}]
    staff(monkeypatch, post, later=60)
    assert lambda_handler(queued(FAILED), None) == {"batchItemFailures": []}
    assert len(post.sent) == 2


def pay(order_id: str) -> None:
    """The whole amount arrives."""

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        ref = "manual:capture:1"
        entry = Entry(ref, "capture", order.method, "manual", order.totals.total, order.currency, "ok", AT)
        return Decision(facts=(Happened("PaymentCaptured", {"entry": entry.to_dict()}, "customer"),))

    wiring.desk().run(order_id, decide, Origin("staff:1", "request:1", AT))


def test_a_reminder_is_sent_while_money_is_missing_and_dropped_once_it_came(call: Any, order_id: str):
    verify(call, order_id)
    for key in ("1", "2"):
        OutRow.write(out_row(order_id, mail("payment_reminder", key), AT))
    assert send_mail(order_id, "mail-payment_reminder-1", wiring.mail_room()) == "sent"
    pay(order_id)
    assert send_mail(order_id, "mail-payment_reminder-2", wiring.mail_room()) == "skipped"
    assert [one["X-Comanda-Event"] for one in letters()] == ["payment_reminder"]
    deliver(order_id, "payment_received")
    assert "$232.00" in letters()[-1].get_body(("plain",)).get_content()
