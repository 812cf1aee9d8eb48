"""A quotation is sent, looked at, accepted at the prices it promised, or expires."""

from datetime import timedelta

import pytest

from comanda import wiring
from comanda.canonical import canonical
from comanda.orders.evolve import replay
from comanda.times import stamp
from tests.functional.conftest import Call
from tests.functional.drafts import WHOLE, accept, draft, link_of, pointers, quoted, write
from tests.functional.mails import deliver, effects, letters
from tests.functional.shop import CUSTOMER, level, place, set_section, stock_product
from tests.functional.staff import ask, command, show
from tests.functional.tables import contents

DAY = (wiring.now() + timedelta(days=30)).date().isoformat()
BROWSER = {"accept": "text/html"}
FORM = BROWSER | {"content-type": "application/x-www-form-urlencoded"}


def soon(**span: int) -> str:
    return stamp(wiring.now() + timedelta(**span))


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Let time pass."""
    real = wiring.now

    def move(**span: int) -> None:
        monkeypatch.setattr(wiring, "now", lambda: real() + timedelta(**span))
        for cached in (wiring.sweep, wiring.visits, wiring.checkout):
            cached.cache_clear()

    return move


@pytest.mark.capability("F18", "E05")
def test_a_quotation_is_mailed_and_holds_no_stock(call: Call) -> None:
    stock_product()
    order = quoted(call, comment="Con entrega en dos días")
    assert (order["lifecycle"], order["stage"], order["payment"]) == ("quoted", "quotation_sent", "none")
    assert level()["reserved"] == 0
    assert [effect for effect in effects(order["order_id"])] == ["quotation"]
    assert deliver(order["order_id"], "quotation") == []
    letter = letters()[-1]
    text = letter.get_body(("plain",)).get_content()
    assert letter["X-Comanda-Event"] == "quotation"
    assert order["number"] in letter["subject"]
    assert f"/quotes/accept?token={link_of(order['order_id'])}" in text
    assert "$232.00" in text


@pytest.mark.capability("F18")
@pytest.mark.parametrize(
    ("locale", "button"), [("es", "Aceptar la cotización"), ("en", "Accept the quotation")]
)
def test_looking_at_a_quotation_changes_nothing(call: Call, locale: str, button: str) -> None:
    stock_product()
    order = quoted(call, locale=locale)
    before = contents()
    token = link_of(order["order_id"])
    page = call("accept_quote", "GET", "/quotes/accept", query={"token": token}, headers=BROWSER)
    assert (page.status, page.headers["referrer-policy"]) == (200, "no-referrer")
    assert order["number"] in page.text
    assert button in page.text
    assert "$232.00" in page.text
    assert contents() == before


@pytest.mark.capability("F18", "D25")
def test_the_customer_accepts_with_a_purchase_order(call: Call) -> None:
    stock_product()
    order_id = quoted(call)["order_id"]
    answer = accept(call, link_of(order_id), purchase_order="OC-77")
    assert answer.status == 200, answer.text
    assert (answer.body["order_id"], answer.body["lifecycle"]) == (order_id, "placed")
    assert answer.body["payment_action"]["type"] == "instructions"
    order = show(call, order_id)
    assert (order["purchase_order"], order["verified"], order["draft"]) == ("OC-77", True, None)
    assert level()["reserved"] == 2
    assert {"run-1", "mail-merchant_order", "mail-order_placed", "mail-payment_instructions-1"} <= {
        effect.effect_id for effect in wiring.desk().load(order_id).effects
    }
    customer = wiring.customers().by_email(CUSTOMER["email"])
    assert customer is not None
    assert customer.verified
    shown = call(
        "customer_order",
        "GET",
        f"/orders/{order_id}",
        headers={"authorization": f"Bearer {answer.body['access_token']}"},
    )
    assert "QuotationAccepted" in [fact["type"] for fact in shown.body["history"]]


@pytest.mark.capability("F18")
def test_a_browser_accepts_by_the_button(call: Call) -> None:
    stock_product()
    order_id = quoted(call)["order_id"]
    body = f"token={link_of(order_id)}&purchase_order=OC-1"
    page = call("accept_quote", "POST", "/quotes/accept", body, headers=FORM)
    assert page.status == 200
    assert f"/orders/{order_id}?token=" in page.text
    assert show(call, order_id)["purchase_order"] == "OC-1"


@pytest.mark.capability("F18")
def test_prices_hold_until_the_quotation_expires(call: Call) -> None:
    stock_product()
    offered = quoted(call)
    stock_product(price=99_900)
    set_section("shipping", deliveries=[{"code": "ship", "zones": [{"price": 50_000}]}])
    assert accept(call, link_of(offered["order_id"])).status == 200
    order = show(call, offered["order_id"])
    assert order["totals"] == offered["totals"]
    by_phone = quoted(call)
    stock_product(price=1)
    placed = command(call, by_phone["order_id"], "place", {"verified": True}).body["order"]
    assert placed["totals"] == by_phone["totals"]


@pytest.mark.capability("F18", "F09")
def test_a_quotation_is_accepted_once(call: Call) -> None:
    stock_product()
    order_id = quoted(call)["order_id"]
    first = accept(call, link_of(order_id), key="a")
    before = contents()
    assert accept(call, link_of(order_id), key="a").body == first.body
    again = accept(call, link_of(order_id), key="b")
    assert (again.status, again.body["type"]) == (410, "link-used")
    assert contents() == before
    page = call("accept_quote", "GET", "/quotes/accept", query={"token": link_of(order_id)}, headers=BROWSER)
    assert page.status == 410


@pytest.mark.capability("F18")
def test_a_newer_quotation_replaces_the_older_link(call: Call) -> None:
    stock_product()
    order_id = quoted(call)["order_id"]
    stock_product(price=10_000)
    again = command(call, order_id, "quote", {"expires_at": DAY}).body["order"]
    assert again["totals"]["total"]["amount"] == 20_000
    before = contents()
    old = accept(call, link_of(order_id))
    assert (old.status, old.body["type"]) == (410, "link-expired")
    assert contents() == before
    assert accept(call, link_of(order_id, 2)).status == 200


@pytest.mark.capability("F18")
def test_a_quotation_that_staff_write_into_is_a_draft_again(call: Call) -> None:
    stock_product()
    order = quoted(call)
    same = write(call, order["order_id"], order["version"], delivery="ship")
    assert same.body["order"]["lifecycle"] == "quoted"
    changed = write(call, order["order_id"], order["version"], comment="Otro plazo").body["order"]
    assert (changed["lifecycle"], changed["draft"]["expires_at"]) == ("draft", None)
    before = contents()
    assert accept(call, link_of(order["order_id"])).body["type"] == "link-expired"
    assert contents() == before
    command(call, order["order_id"], "discard")
    assert accept(call, link_of(order["order_id"])).body["type"] == "link-expired"


@pytest.mark.capability("F18")
def test_an_expired_quotation_is_closed_by_the_sweep(call: Call, later) -> None:  # type: ignore[no-untyped-def]
    stock_product()
    order = quoted(call, soon(hours=1))
    wiring.sweep().run()
    assert show(call, order["order_id"])["lifecycle"] == "quoted"
    later(hours=2)
    before = contents()
    late = accept(call, link_of(order["order_id"]))
    assert (late.status, late.body["type"]) == (410, "link-expired")
    phone = command(call, order["order_id"], "place", {"verified": True})
    assert (phone.status, phone.body["guard"]) == (409, "quotation-expired")
    assert contents() == before
    wiring.sweep().run()
    ended = show(call, order["order_id"])
    assert (ended["lifecycle"], ended["cancel_reason"], ended["stage"]) == ("expired", "quotation", None)
    assert ended["history"][-1]["type"] == "QuotationExpired"
    assert wiring.sweep().run()["orders"] == 0
    assert command(call, order["order_id"], "repeat").body["order"]["lifecycle"] == "draft"


@pytest.mark.capability("F18")
def test_a_quotation_that_cannot_be_filled_stays_open(call: Call) -> None:
    stock_product()
    order_id = quoted(call)["order_id"]
    stock_product(units=1)
    before = contents()
    answer = accept(call, link_of(order_id))
    assert (answer.status, answer.body["type"]) == (409, "out-of-stock")
    assert contents() == before


@pytest.mark.capability("F18")
def test_only_a_whole_draft_is_quoted_and_only_for_a_time_to_come(call: Call) -> None:
    stock_product()
    part = draft(call, lines=WHOLE["lines"])["order"]["order_id"]
    whole = draft(call, **WHOLE)["order"]["order_id"]
    ordered = place(call)["order_id"]
    before = contents()
    refused = command(call, part, "quote", {"expires_at": DAY})
    assert pointers(refused.body["errors"]) == ["/customer/email", "/delivery", "/payment_method"]
    for moment in ("2020-01-01", "2726-01-01"):
        told = command(call, whole, "quote", {"expires_at": moment}, key=moment)
        assert pointers(told.body["errors"]) == ["/expires_at"]
    assert command(call, ordered, "quote", {"expires_at": DAY}).body["guard"] == "not-a-draft"
    assert contents() == before


def test_an_unknown_link_tells_nothing(call: Call) -> None:
    answer = accept(call, "nobody")
    assert (answer.status, answer.body["type"]) == (404, "not-found")


def test_the_history_of_a_quotation_rebuilds_it(call: Call) -> None:
    stock_product()
    order_id = quoted(call)["order_id"]
    accept(call, link_of(order_id))
    facts = list(wiring.orders().facts(order_id))
    assert [fact.type for fact in facts][:4] == [
        "DraftStarted",
        "QuotationSent",
        "QuotationAccepted",
        "OrderPlaced",
    ]
    stored = wiring.desk().load(order_id).order
    rebuilt = replay(facts).snapshot() | {"revision": stored.revision}
    assert canonical(rebuilt) == canonical(stored.snapshot())
    assert ask(call, "GET", f"/admin/orders/{order_id}/history/verify").body["findings"] == []


@pytest.mark.capability("F18")
def test_a_withdrawn_quotation_is_a_draft_whose_link_works_no_more(call: Call) -> None:
    stock_product()
    offered = quoted(call)
    order_id = offered["order_id"]
    answer = command(call, order_id, "withdraw-quote")
    assert answer.status == 200, answer.text
    order = answer.body["order"]
    assert (order["lifecycle"], order["draft"]["expires_at"]) == ("draft", None)
    assert order["totals"] == offered["totals"]
    before = contents()
    late = accept(call, link_of(order_id))
    assert (late.status, late.body["type"].rpartition("/")[2]) == (410, "link-expired")
    again = command(call, order_id, "withdraw-quote")
    assert (again.status, again.body["guard"]) == (409, "not-quoted")
    assert contents() == before


def test_writing_into_a_quotation_what_it_says_leaves_it_open(call: Call) -> None:
    stock_product()
    offered = quoted(call)
    same = {name: WHOLE[name] for name in ("lines", "customer", "shipping_address", "payment_method")}
    answer = write(call, offered["order_id"], offered["version"], **same)
    assert answer.status == 200, answer.text
    assert (answer.body["order"]["lifecycle"], answer.body["version"]) == ("quoted", offered["version"])
    other = write(call, offered["order_id"], offered["version"], customer=CUSTOMER | {"name": "Otra"})
    assert other.body["order"]["lifecycle"] == "draft"
