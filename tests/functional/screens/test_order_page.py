"""The page of an order: what it shows, and each of its forms as staff send them."""

import html

import pytest

from tests.functional.conftest import Call
from tests.functional.screens.order_page import at, done, send
from tests.functional.screens.visitor import Visitor, staff_at
from tests.functional.shop import CUSTOMER, level, place, set_section, stock_product
from tests.functional.staff import approved, command, show

NASTY = "<script>alert(1)</script>\"'<img src=x onerror=alert(1)>"


@pytest.fixture
def staff() -> Visitor:
    return staff_at()


@pytest.fixture
def order_id(call: Call) -> str:
    stock_product()
    return str(place(call)["order_id"])


@pytest.fixture
def paid(call: Call, order_id: str, staff: Visitor) -> str:
    """An approved order whose transfer arrived."""
    approved(call, order_id)
    done(staff, order_id, "mark-paid", reference="SPEI 778")
    return order_id


@pytest.mark.capability("C16", "F01")
def test_everything_of_an_order_is_on_its_page(call: Call, order_id: str, staff: Visitor) -> None:
    page = at(staff, order_id)
    for text in (
        "The customer has not confirmed the e-mail address", "Café CAFE-1", "2 reserved", "MX$232.00",
        "Ana Muñoz",
        "Not verified", "ana@example.com", "Av. Álvaro Obregón 45", "waiting for the e-mail to be confirmed",
        "payment pending", "not prepared yet", "no return", "Order placed", "Verification now",
        "Bank transfer",
        "Mail to the customer: confirm your address",
    ):  # fmt: skip
        assert page.says(text), text
    assert f'data-copy="{order_id}"' in page.text


def test_a_verified_customer_has_a_green_tick(call: Call, order_id: str, staff: Visitor) -> None:
    after = done(staff, order_id, "verify")
    assert '<span class="verified">Verified</span>' in after.text
    assert after.says("This order waits for your approval.")


@pytest.mark.capability("C18", "C23", "D16", "D17", "D18")
def test_an_order_goes_its_way_by_the_buttons_of_the_next_step(
    call: Call, order_id: str, staff: Visitor
) -> None:
    for name in ("verify", "approve"):
        done(staff, order_id, name)
    page = at(staff, order_id, "mark-paid")
    assert page.form("/mark-paid")["amount"] == "232.00"
    after = done(staff, order_id, "mark-paid", reference="SPEI 778")
    assert after.says("Ready to ship: 2.")
    assert after.says("SPEI 778")
    fields = {"carrier": "Estafeta", "tracking_number": "8055241528", "lines.0.quantity": "1"}
    after = done(staff, order_id, "ship", **fields)
    assert after.says("1 allocated")
    assert after.says("1 shipped")
    assert after.says("partly shipped")
    after = done(staff, order_id, "ship", **(fields | {"tracking_number": "8055241529"}))
    assert after.says("On its way: the carrier reports the delivery.")
    found = show(call, order_id)
    assert (found["fulfilment"], len(found["shipments"])) == ("shipped", 2)
    assert found["history"][-1]["actor"] == "staff:user-staff"


def test_a_payment_confirmed_by_mistake_is_taken_back(call: Call, order_id: str, staff: Visitor) -> None:
    approved(call, order_id)
    after = done(staff, order_id, "mark-paid")
    assert after.says("Undo: not paid")
    staff.submit(after, "/undo/paid")
    found = show(call, order_id)
    assert (found["payment"], found["paid"]["amount"], found["holds"]) == ("pending", 0, [])


def test_a_refused_form_keeps_what_was_typed_and_changes_nothing(
    call: Call, paid: str, staff: Visitor
) -> None:
    before = show(call, paid)
    typed = {"carrier": "Estafeta", "tracking_number": "8055", "lines.0.quantity": "9"}
    for wrong, status in (({"lines.0.quantity": "two"}, 422), ({}, 409), ({"lines.0.quantity": "0"}, 422)):
        seen = send(staff, paid, "ship", **(typed | wrong))
        assert seen.status == status
        assert seen.form("/ship")["tracking_number"] == "8055"
    assert send(staff, paid, "ship", **(typed | {"lines.0.quantity": "two"})).says("a whole number")
    assert show(call, paid) == before


def test_a_form_that_is_not_allowed_says_why(call: Call, order_id: str, staff: Visitor) -> None:
    page = at(staff, order_id, "ship")
    assert page.says("The order has not been approved.")
    assert "tracking_number" not in page.text


@pytest.mark.capability("F02")
def test_a_hold_is_opened_taken_back_and_released(call: Call, paid: str, staff: Visitor) -> None:
    after = done(staff, paid, "hold", reason="fraud", note="llamar antes")
    assert after.says("The order is on hold")
    assert after.says("llamar antes")
    staff.submit(after, "/release-hold")
    assert show(call, paid)["holds"][0]["open"] is False
    done(staff, paid, "hold", reason="manual")
    after = done(staff, paid, "release-hold")
    assert after.says("Ready to ship: 2.")


@pytest.mark.capability("C21", "F12")
def test_cancelling_says_what_will_happen_and_does_it(call: Call, paid: str, staff: Visitor) -> None:
    page = at(staff, paid, "cancel")
    assert page.says("2 units that are set aside go back on sale.")
    assert page.says("MX$232.00 that was paid goes back.")
    after = done(staff, paid, "cancel", reason="out_of_stock", note="ya no hay")
    found = show(call, paid)
    assert (found["lifecycle"], found["cancel_reason"]) == ("cancelled", "out_of_stock")
    assert level()["available"] == 10
    assert after.says("A refund is granted and waits to be paid back.")
    done_refund = staff.follow(
        staff.submit(after, "/refunds/" + found["refunds"][0]["refund_id"] + "/execute")
    )
    assert show(call, paid)["payment"] == "refunded"
    assert done_refund.says("The order is cancelled. Nothing is left to do.")


def test_rejecting_asks_for_a_reason(call: Call, order_id: str, staff: Visitor) -> None:
    done(staff, order_id, "verify")
    assert send(staff, order_id, "reject", reason=" ").status == 422
    assert show(call, order_id)["lifecycle"] == "placed"
    done(staff, order_id, "reject", reason="no vendemos allí")
    assert show(call, order_id)["cancel_reason"] == "rejected"


@pytest.mark.capability("E16")
@pytest.mark.parametrize(
    ("typed", "granted", "status"),
    [
        ({"what": "all"}, 23200, "executed"),
        ({"what": "amount", "amount": "1,5"}, 150, "executed"),
        ({"what": "lines", "lines.0.quantity": "1", "execute": "later"}, 11600, "granted"),
    ],
)
def test_money_goes_back_by_all_amount_or_lines(
    call: Call, paid: str, staff: Visitor, typed: dict[str, str], granted: int, status: str
) -> None:
    page = at(staff, paid, "refund")
    assert page.says("no provider can send it; you pay it back yourselves and it is noted here.")
    whole = {"execute": "now", "reason": "goodwill", "destination": "original"} | typed
    done(staff, paid, "refund", **whole)
    refund = show(call, paid)["refunds"][0]
    assert (refund["granted"]["amount"], refund["status"]) == (granted, status)


def test_a_refund_that_was_only_granted_is_withdrawn_by_undo(call: Call, paid: str, staff: Visitor) -> None:
    after = done(
        staff, paid, "refund", what="all", execute="later", reason="customer", destination="original"
    )
    assert after.says("Undo: withdraw it")
    staff.submit(after, "/withdraw")
    assert show(call, paid)["refunds"][0]["status"] == "withdrawn"


def test_without_money_the_page_says_why_there_is_nothing_to_refund(order_id: str, staff: Visitor) -> None:
    page = at(staff, order_id, "refund")
    assert page.says("No money is here that was not given back or granted before.")


def test_payments_come_back_fees_and_disputes_are_entered(call: Call, paid: str, staff: Visitor) -> None:
    done(staff, paid, "bounce", reason="no_funds")
    assert show(call, paid)["payment"] == "failed"
    done(staff, paid, "undo-bounce")
    assert show(call, paid)["payment"] == "paid"
    done(staff, paid, "fee", amount="35.00", reason="bank", title="")
    page = done(staff, paid, "dispute", reason="fraudulent")
    assert page.says("dispute")
    kinds = {entry["kind"]: entry for entry in show(call, paid)["ledger"]}
    assert kinds["fee"]["amount"]["amount"] == 3500
    staff.submit(page, f"/fees/{kinds['fee']['ref']}/withdraw")
    after = staff.submit(at(staff, paid), "/close", outcome="won")
    assert after.status == 303
    kinds = {entry["kind"]: entry for entry in show(call, paid)["ledger"]}
    assert (kinds["fee"]["status"], kinds["dispute"]["status"]) == ("void", "void")


def test_an_order_is_moved_to_another_way_to_pay(call: Call, order_id: str, staff: Visitor) -> None:
    set_section(
        "payments.on_delivery", enabled=True, title={"es": "Contra entrega", "en": "Cash to the courier"}
    )
    form = at(staff, order_id, "payment-method")
    assert form.says("Cash to the courier")
    assert not form.says("Order request without payment")
    page = done(staff, order_id, "payment-method", payment_method="on_delivery")
    assert page.says("is paid another way from now on.")
    assert show(call, order_id)["method"] == "on_delivery"


@pytest.mark.capability("D06")
def test_a_cheque_goes_its_way_by_the_forms_of_the_page(call: Call, order_id: str, staff: Visitor) -> None:
    approved(call, order_id)
    page = done(staff, order_id, "deposit-cheque", number="000123", bank="BBVA")
    assert page.says("A cheque is at the bank: once it has said so, enter that it cleared or bounced.")
    assert page.says("000123 · BBVA")
    assert send(staff, order_id, "clear-cheque", on="2099-01-01").says("this day is still to come")
    assert show(call, order_id)["payment"] == "pending"
    done(staff, order_id, "bounce-cheque", reason="no_funds")
    assert show(call, order_id)["money"] == "cheque_bounced"
    done(staff, order_id, "undo-cheque")
    after = done(staff, order_id, "clear-cheque")
    assert show(call, order_id)["payment"] == "paid"
    assert after.says("Undo: not paid")
    staff.submit(after, "/undo/paid")
    assert show(call, order_id)["money"] == "cheque_deposited"


@pytest.mark.capability("D28")
def test_tags_label_assignment_and_a_repeat(call: Call, paid: str, staff: Visitor) -> None:
    after = done(staff, paid, "tag", tags="urgente #VIP")
    assert show(call, paid)["tags"] == ["urgente", "vip"]
    staff.submit(after, "/tag")
    assert show(call, paid)["tags"] == []
    done(staff, paid, "assign", to="Ana")
    assert show(call, paid)["assigned"] == "Ana"
    done(staff, paid, "label", label="to_review")
    assert show(call, paid)["label"] == "to_review"
    draft = staff.follow(staff.submit(at(staff, paid), "/repeat"))
    assert draft.says("at today's prices.")


def test_only_an_administrator_deletes_for_good(call: Call, order_id: str, staff: Visitor) -> None:
    assert at(staff, order_id, "purge").says("Only an administrator may do that.")
    command(call, order_id, "cancel", {"reason": "test"})
    admin = staff_at("admin")
    assert admin.submit(at(admin, order_id, "purge"), "/purge", reason="test").status in (303, 409)


@pytest.mark.capability("G09", "C07")
def test_the_history_is_filtered_looked_into_verified_and_taken_out(
    call: Call, paid: str, staff: Visitor
) -> None:
    internal = staff.get(f"/orders/{paid}?history=internal")
    assert internal.says("Units allocated")
    assert not internal.says("Mail to the customer: how to pay")
    customer = staff.get(f"/orders/{paid}?history=customer")
    assert customer.says("Mail to the customer: how to pay")
    assert not customer.says("Units allocated")
    raw = staff.get(f"/orders/{paid}/facts/1")
    assert "&#34;type&#34;: &#34;OrderPlaced&#34;" in raw.text
    assert staff.get(f"/orders/{paid}/facts/999").status == 404
    assert staff.get(f"/orders/{paid}/history").says("The history is whole")
    assert staff.get(f"/orders/{paid}/history.json").text.startswith('{"format":"comanda-history/1"')


def test_the_order_is_shown_as_it_was(call: Call, paid: str, staff: Visitor) -> None:
    then = staff.get(f"/orders/{paid}?as_of=1")
    assert then.says("This is the order as it was on")
    assert then.says("2 reserved") or then.says("payment pending")
    assert "/orders/" + paid + "/approve" not in then.text
    assert staff.get(f"/orders/{paid}?as_of=tomorrow").status == 422


def test_what_customers_and_staff_write_is_shown_as_text(call: Call, staff: Visitor) -> None:
    stock_product()
    order_id = place(
        call, comment=NASTY, purchase_order=NASTY[:100], customer=CUSTOMER | {"name": NASTY[:90]}
    )["order_id"]
    approved(call, order_id)
    done(staff, order_id, "mark-paid", reference=NASTY)
    done(staff, order_id, "hold", reason="manual", note=NASTY)
    done(staff, order_id, "assign", to=NASTY[:50])
    page = at(staff, order_id)
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert page.text.count(html.escape("<script>")) >= 4
    for do in ("assign", "release-hold"):
        assert "<script>alert" not in at(staff, order_id, do).text


def test_a_form_without_the_sessions_token_changes_nothing(call: Call, paid: str, staff: Visitor) -> None:
    before = show(call, paid)
    for do in (
        "mark-paid",
        "ship",
        "hold",
        "cancel",
        "refund",
        "bounce",
        "fee",
        "dispute",
        "label",
        "assign",
        "tag",
    ):
        fields = at(staff, paid, do).form(f"/{do}") | {"_csrf": ""}
        assert staff.post(f"/orders/{paid}/{do}", fields).status == 403
    assert show(call, paid) == before


def test_the_page_speaks_spanish(call: Call, paid: str) -> None:
    page = at(staff_at(language="es"), paid)
    for text in (
        "Unidades listas para enviar: 2.",
        "Artículos",
        "Dinero",
        "Historial",
        "Pago recibido",
        "Se entrega en",
    ):
        assert page.says(text), text
