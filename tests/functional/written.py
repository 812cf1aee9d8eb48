"""Every route that writes: a request that it takes, and what it asks for. Kept complete by a test.

A new route is entered in `CASES`: how its key and version are treated, and a function that prepares what it
needs and answers the request. `other` is a body that asks for something else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from comanda import wiring
from comanda.orders.decision import Decision
from comanda.orders.facts import Happened, Origin
from comanda.orders.model import Entry, Hold
from comanda.orders.pickup_codes import shown_code
from comanda.stock.sell_beyond import sell_beyond
from comanda.times import stamp
from tests.functional.conftest import Call
from tests.functional.drafts import WHOLE, draft
from tests.functional.edits import mxn, opened
from tests.functional.histories import done
from tests.functional.shop import ADDRESS, order_body, place, set_section, stock_product
from tests.functional.staff import ask, claims, show
from tests.functional.statements_world import line, proposals, statement, wish
from tests.functional.statements_world import waiting as waiting_for_transfer
from tests.functional.test_verify_and_approve import mailed


@dataclass(frozen=True)
class Sent:
    """A request as it may be sent now."""

    path: str
    body: Any
    other: Any = None  # None: this route takes no other body
    version: int | None = None
    headers: tuple[tuple[str, str], ...] = ()


type Prepare = Callable[[Call], Sent]


@dataclass(frozen=True)
class Case:
    """`key`: required, accepted, or a word of WITHOUT_KEY. `version`: If-Match has to fit."""

    key: str
    prepare: Prepare | None
    version: bool = False
    role: str = "staff"
    function: str = "staff_api"
    test: str = ""  # where a request needs a world of its own: the test that sends it twice


WITHOUT_KEY = {
    "version": "its version fits once only: a repeat is refused as stale",
    "same": "saying the same again changes nothing",
    "once": "it is done or not: a repeat is refused by that and changes nothing",
    "again": "somebody wants it to happen once more; nothing is counted twice by it",
    "sender": "the sender's own event id or signature stands for a key",
}


def order(call: Call, *steps: tuple[str, Any], **wishes: Any) -> str:
    stock_product()
    order_id = str(place(call, **wishes)["order_id"])
    for name, body in steps:
        done(call, order_id, name, body)
    return order_id


def command(name: str, body: Any, other: Any, *steps: tuple[str, Any], **wishes: Any) -> Prepare:
    """A command on an order that has been through `steps`."""

    def prepare(call: Call) -> Sent:
        order_id = order(call, *steps, **wishes)
        return on(call, order_id, name, body, other)

    return prepare


def on(call: Call, order_id: str, name: str, body: Any, other: Any = None) -> Sent:
    return Sent(f"/admin/orders/{order_id}/{name}", body, other, show(call, order_id)["version"])


VERIFY, APPROVE, PAY = ("verify", {}), ("approve", {}), ("mark-paid", {"amount": mxn(23_200)})
MISSING: dict[str, Any] = {"lines": [{"sku": "CAFE-1", "quantity": 1}], "reason": "missing"}
SENDER = {"name": "Almacén", "line1": "Calle 10", "city": "Naucalpan", "country": "MX"}
LABEL: dict[str, Any] = {"carrier": "fedex", "service": "GROUND", "parcels": [{"weight_grams": 500}]}
ONE_UNIT = {"lines": [{"sku": "CAFE-1", "quantity": 1}]}
PARCEL = {"lines": [{"sku": "CAFE-1", "quantity": 1}], "carrier": "dhl", "tracking_number": "T1"}
BOUNCED, CLAIM = {"reason": "no_funds"}, {"reason": "fraudulent"}
FEE: dict[str, Any] = {"amount": mxn(500), "reason": "bank", "title": "Comisión"}
QUANTITY: dict[str, Any] = {"type": "quantity", "sku": "CAFE-1", "quantity": 1}


def edited(what: str, body: Any, other: Any) -> Prepare:
    def prepare(call: Call) -> Sent:
        order_id = order(call, VERIFY)
        edit_id = opened(call, order_id, QUANTITY)["edit_id"]
        return on(call, order_id, f"edits/{edit_id}/{what}", body, other)

    return prepare


def granted(what: str) -> Prepare:
    def prepare(call: Call) -> Sent:
        order_id = order(call, VERIFY, APPROVE, PAY)
        grant = {"amount": mxn(500), "reason": "goodwill", "execute": False, "destination": "elsewhere"}
        refund_id = done(call, order_id, "refund", grant)["result"]["refund_id"]
        return on(call, order_id, f"refunds/{refund_id}/{what}", {})

    return prepare


def entered(path: str, made: str, body: Any, named: str, said: Any, other: Any = None) -> Prepare:
    """A command on what `made` has entered into the ledger of an order paid by hand."""

    def prepare(call: Call) -> Sent:
        order_id = order(call, VERIFY, APPROVE, PAY)
        found = done(call, order_id, made, body)["result"][named]
        return on(call, order_id, path.format(found), said, other)

    return prepare


def waiting(call: Call) -> Sent:
    """Units that were sold before they are here."""
    stock_product()
    sell_beyond(wiring.stock(), "CAFE-1", "backorder", date(2030, 12, 24))
    order_id = str(place(call, lines=[{"sku": "CAFE-1", "quantity": 500}])["order_id"])
    return on(call, order_id, "promise", {"promised_at": "2031-01-07"}, {"promised_at": "2031-01-08"})


def sent_mail(call: Call) -> Sent:
    order_id = order(call, VERIFY)
    wiring.outbox().settle(order_id, "mail-order_placed", {})
    return on(call, order_id, "resend-mail", {"mail": "mail-order_placed"}, {"mail": "another"})


def undone_payment(call: Call) -> Sent:
    order_id = order(call, VERIFY, APPROVE)
    payment_id = done(call, order_id, "mark-paid", {"amount": mxn(500)})["result"]["payment_id"]
    return on(call, order_id, "undo-paid", {"payment_id": payment_id}, {"payment_id": "another"})


def authorized_money(call: Call) -> Sent:
    order_id = order(call, VERIFY)
    held = Entry(
        "stripe:authorization:pi_1", "authorization", "stripe", "stripe", 23_200, "MXN", "ok",
        stamp(wiring.now()), "pi_1", "pi_1",
    )  # fmt: skip
    fact = Happened("PaymentAuthorized", {"entry": held.to_dict()})
    origin = Origin("provider:stripe", "test", stamp(wiring.now()))
    wiring.desk().run(order_id, lambda loaded: Decision(facts=(fact,), outside=True), origin)
    return on(call, order_id, "capture", {"amount": mxn(500)}, {"amount": mxn(600)})


def undone_parcel(call: Call) -> Sent:
    order_id = order(call, VERIFY, APPROVE, PAY)
    shipment_id = done(call, order_id, "ship", PARCEL)["result"]["shipment_id"]
    return on(call, order_id, "undo-ship", {"shipment_id": shipment_id}, {"shipment_id": "another"})


def at_counter(name: str, body: Any, other: Any) -> Prepare:
    """A command on what waits at the counter for its customer."""

    def prepare(call: Call) -> Sent:
        return on(call, put_aside(call), name, body, other)

    return prepare


def put_aside(call: Call) -> str:
    set_section("payments.at_pickup", enabled=True, ship_before_payment=True)
    wishes = {"delivery": "pickup", "shipping_address": None, "payment_method": "at_pickup"}
    return order(call, VERIFY, APPROVE, ("ready-for-pickup", {}), **wishes)


def handed_over(call: Call) -> Sent:
    order_id = put_aside(call)
    number = show(call, order_id)["number"]
    return on(call, order_id, "hand-over", {"number": number, "name": "Ana"}, {"number": number, "name": "B"})


def undone_hand_over(call: Call) -> Sent:
    order_id = put_aside(call)
    who = {"number": show(call, order_id)["number"], "name": "Ana"}
    name = done(call, order_id, "hand-over", who)["result"]["hand_over_id"]
    return on(call, order_id, "undo-hand-over", {"hand_over_id": name}, {"hand_over_id": "another"})


def found_by_code(call: Call) -> Sent:
    order = wiring.desk().load(put_aside(call)).order
    return Sent("/admin/pickups/find", {"code": shown_code(order, wiring.keys())})


def undone_refund(call: Call) -> Sent:
    order_id = order(call, VERIFY, APPROVE, PAY)
    refund = {"amount": mxn(500), "reason": "goodwill", "destination": "elsewhere"}
    refund_id = done(call, order_id, "refund", refund)["result"]["refund_id"]
    return on(call, order_id, "undo-refund", {"refund_id": refund_id}, {"refund_id": "another"})


def held(call: Call) -> Sent:
    order_id = order(call, VERIFY)
    hold_id = done(call, order_id, "hold", {"reason": "fraud"})["result"]["hold_id"]
    return on(call, order_id, "release-hold", {"hold_id": hold_id}, {"hold_id": "another"})


def failed(call: Call) -> Sent:
    """A step of the workflow failed."""
    order_id = order(call, VERIFY)
    origin = Origin("system", "workflow:1", stamp(wiring.now()))
    opened_hold = Hold("h99", "step_failed", origin.at, "system")
    holding = Decision(facts=(Happened("HoldOpened", {"hold": opened_hold.to_dict()}),))
    wiring.desk().run(order_id, lambda loaded: holding, origin)
    return on(call, order_id, "retry", {})


def in_doubt(call: Call) -> Sent:
    """A mail of which nobody knows whether it went out."""
    order_id = order(call)
    mail = next(one for one in wiring.desk().load(order_id).effects if one.kind == "mail")
    claim = wiring.outbox().claim(order_id, mail.effect_id, at="2030-01-01T00:00:00.000Z")
    assert claim is not None
    assert wiring.outbox().doubt(order_id, claim, "the connection broke")
    name = f"effects/{mail.effect_id}/settle"
    return on(call, order_id, name, {"reason": "told by telephone"}, {"reason": "by letter"})


def switch(turn: str) -> Prepare:
    """A pause of the payment provider, which is there already when it is to be ended."""

    def prepare(call: Call) -> Sent:
        path = "/admin/operations/switches/payments/stripe"
        if turn == "resume":
            assert ask(call, "POST", f"{path}/pause", {"reason": "trouble"}).status == 200
        return Sent(f"{path}/{turn}", {"reason": "trouble"} if turn == "pause" else None)

    return prepare


def drafted(name: str, body: Any, other: Any = None) -> Prepare:
    def prepare(call: Call) -> Sent:
        stock_product()
        return on(call, draft(call, **WHOLE)["order"]["order_id"], name, body, other)

    return prepare


def withdrawn(call: Call) -> Sent:
    return on(call, offered(call), "withdraw-quote", {})


def draft_change(call: Call) -> Sent:
    stock_product()
    told = draft(call, **WHOLE)["order"]
    path = f"/admin/drafts/{told['order_id']}"
    return Sent(path, {"purchase_order": "OC-1"}, {"purchase_order": "OC-2"}, told["version"])


def draft_start(call: Call) -> Sent:
    stock_product()
    return Sent("/admin/drafts", WHOLE, WHOLE | {"purchase_order": "OC-2"})


def discarded(call: Call) -> Sent:
    order_id = draft(call)["order"]["order_id"]
    done(call, order_id, "discard")
    return on(call, order_id, "purge", {"reason": "test"}, {"reason": "spam"})


def adjustment(call: Call) -> Sent:
    stock_product()
    return Sent("/admin/stock/CAFE-1/adjust", *({"delta": n, "reason": "count"} for n in (3, 4)))


def shelf(what: str, field: str) -> Prepare:
    def prepare(call: Call) -> Sent:
        stock_product()
        return Sent(f"/admin/stock/CAFE-1/{what}", {field: 2}, {field: 3})

    return prepare


def shelf_backorder(call: Call) -> Sent:
    stock_product()
    body = {"kind": "backorder", "promised_at": "2026-12-24"}
    return Sent("/admin/stock/CAFE-1/backorder", body, {"kind": None})


def shelf_bin(call: Call) -> Sent:
    stock_product()
    return Sent("/admin/stock/CAFE-1/bin", {"bin": "A-12"}, {"bin": "B-1"})


def transfer(call: Call) -> Sent:
    stock_product()
    set_section("stock", locations=[{"code": "norte"}])
    body = {"units": 2, "from": "main", "to": "norte"}
    return Sent("/admin/stock/CAFE-1/transfer", body, body | {"units": 3})


def section(call: Call) -> Sent:
    seen = ask(call, "GET", "/admin/settings/limits", role="admin").headers["etag"].strip('"')
    return Sent("/admin/settings/limits", {"per_address": 77}, {"per_address": 78}, int(seen))


def restored(call: Call) -> Sent:
    set_section("limits", per_address=70)
    set_section("limits", per_address=71)
    change = {"If-Match": '"2"'}
    ask(call, "PATCH", "/admin/settings/limits", {"per_address": 72}, role="admin", headers=change)
    return Sent("/admin/settings/limits/restore", {"version": 2}, {"version": 3}, 3)


def customer(body: Any, *path: str) -> Prepare:
    """A profile or one of its addresses; ADDRESS_ID in the path is one that is there."""

    def prepare(call: Call) -> Sent:
        order_id = order(call, VERIFY)
        at = f"/admin/customers/{show(call, order_id)['customer']['customer_id']}"
        seen = ask(call, "GET", at).body
        if "ADDRESS_ID" in path:
            headers = {"If-Match": f'"{seen["version"]}"'}
            new = {"address": ADDRESS | {"line1": "Calle 2"}}
            seen = ask(call, "POST", f"{at}/addresses", new, headers=headers).body
        named = [seen["addresses"][-1]["address_id"] if part == "ADDRESS_ID" else part for part in path]
        return Sent("/".join((at, *named)), body, version=seen["version"])

    return prepare


def merge(call: Call) -> Sent:
    """Two customers, of whom one is merged into the other; a third stands by."""
    ids = []
    for name in ("ana", "anita", "otra"):
        order_id = order(call, VERIFY, key=name, customer={"email": f"{name}@example.com", "name": "Ana"})
        ids.append(show(call, order_id)["customer"]["customer_id"])
    into, customer_id, third = ids
    version = ask(call, "GET", f"/admin/customers/{customer_id}").body["version"]
    return Sent(f"/admin/customers/{customer_id}/merge", {"into": into}, {"into": third}, version)


def code_change(call: Call) -> Sent:
    made = ask(call, "POST", "/admin/discount-codes", CODE, role="admin")
    assert made.status == 201, made.text
    return Sent("/admin/discount-codes/VERANO", {"active": False}, None, int(made.headers["etag"].strip('"')))


def quotation(call: Call) -> Sent:
    order_id = offered(call)
    return Sent("/quotes/accept", {"token": mailed(order_id, "quotation", "quote")})


def offered(call: Call) -> str:
    stock_product()
    order_id = str(draft(call, **WHOLE)["order"]["order_id"])
    done(call, order_id, "quote", {"expires_at": in_days(7)})
    return order_id


def in_days(days: int) -> str:
    return stamp(wiring.now() + timedelta(days=days))


def credit(call: Call) -> Sent:
    customer_id = show(call, order(call, VERIFY))["customer"]["customer_id"]
    bodies = ({"amount": mxn(n), "reason": "disculpa"} for n in (500, 600))
    return Sent(f"/admin/customers/{customer_id}/credit", *bodies)


def gift_card(call: Call) -> Sent:
    return Sent("/admin/gift-cards", *({"amount": mxn(n), "reason": "regalo"} for n in (500, 600)))


def switched(what: str) -> Prepare:
    def prepare(call: Call) -> Sent:
        made = ask(
            call, "POST", "/admin/gift-cards", gift_card(call).body, "admin", headers={"Idempotency-Key": "g"}
        )
        return Sent(f"/admin/gift-cards/{made.body['card_id']}/{what}", None)

    return prepare


def price(call: Call) -> Sent:
    stock_product()
    set_section("customers", groups=[{"code": "mayoreo"}])
    breaks = [{"from_quantity": 1, "unit_price": mxn(9_000)}]
    return Sent("/admin/price-lists/mayoreo/CAFE-1", {"breaks": breaks}, version=0)


CHEQUE = {"number": "1", "bank": "BBVA"}
DEPOSIT = ("deposit-cheque", CHEQUE)
CODE = {"code": "VERANO", "percent_ppm": 100_000}


def checkout(call: Call) -> Sent:
    stock_product()
    return Sent("/orders", order_body(), order_body(comment="otra cosa"))


def cart(call: Call) -> Sent:
    return Sent("/carts", None)


def in_cart(*path: str, body: Any) -> Prepare:
    def prepare(call: Call) -> Sent:
        stock_product()
        cart_id = call("storefront", "POST", "/carts").body["cart_id"]
        return Sent("/".join(("/carts", cart_id, *path)), body)

    return prepare


def link(path: str, event: str, purpose: str, *steps: tuple[str, Any], **said: Any) -> Prepare:
    """A page behind a mailed link."""

    def prepare(call: Call) -> Sent:
        order_id = order(call, *steps)
        return Sent(path, {"token": mailed(order_id, event, purpose)} | said)

    return prepare


def acceptance(call: Call) -> Sent:
    order_id = order(call, VERIFY)
    edit_id = opened(call, order_id, QUANTITY)["edit_id"]
    done(call, order_id, f"edits/{edit_id}/request-acceptance", {})
    return Sent("/accept-edit", {"token": mailed(order_id, "order_edited", "edit"), "decision": "accept"})


def customers_own(what: str, body: Any) -> Prepare:
    def prepare(call: Call) -> Sent:
        stock_product()
        placed = place(call)
        bearer = (("Authorization", f"Bearer {placed['access_token']}"),)
        return Sent(f"/orders/{placed['order_id']}/{what}", body, headers=bearer)

    return prepare


def labelled(name: str, body: Any, other: Any, *, bought: bool = False) -> Prepare:
    """A command on an order of a shop that has a carrier account, with a label or without."""

    def prepare(call: Call) -> Sent:
        set_section("carriers", accounts=[{"code": "manual"}], senders={"": SENDER})
        order_id = order(call, VERIFY, APPROVE, PAY)
        if name in ("void-label", "ship-label"):
            done(call, order_id, "buy-label", LABEL)
        if bought:
            told = {"ref": "shp_1", "tracking_number": "T1", "amount": 100, "currency": "MXN"}
            fact = Happened("LabelBought", {"label_id": "l1", "bought": told})
            origin = Origin("system", "test", stamp(wiring.now()))
            wiring.desk().run(order_id, lambda loaded: Decision((fact,), outside=True), origin)
        return on(call, order_id, name, body, other)

    return prepare


def delivery_prices(call: Call) -> Sent:
    stock_product()
    lines = [{"sku": "CAFE-1", "quantity": 2}]
    return Sent("/checkout/delivery-prices", {"lines": lines, "shipping_address": ADDRESS})


def rates_of_nobody(call: Call) -> Sent:
    set_section("carriers", senders={"": SENDER})
    return Sent(f"/admin/orders/{order(call, VERIFY, APPROVE, PAY)}/rates", {"parcels": LABEL["parcels"]})


def undone_short_pick(call: Call) -> Sent:
    order_id = order(call, VERIFY, APPROVE, PAY)
    short_id = done(call, order_id, "short-pick", MISSING)["result"]["short_id"]
    return on(call, order_id, "undo-short-pick", {"short_id": short_id})


def _orders() -> dict[tuple[str, str], Case]:
    """Commands of staff on one order: the version always, the key where money or stock moves."""
    half, more = {"amount": mxn(500)}, {"amount": mxn(600)}
    refund = {"amount": mxn(500), "reason": "goodwill", "execute": False}
    paid = (VERIFY, APPROVE, PAY)
    required = {
        "reject": command("reject", {"reason": "no"}, {"reason": "tampoco"}, VERIFY),
        "cancel": command("cancel", {"reason": "customer"}, {"reason": "duplicate"}, VERIFY),
        "mark-paid": command("mark-paid", half, more, VERIFY),
        "ship": command("ship", PARCEL, PARCEL | {"tracking_number": "T2"}, *paid),
        "buy-label": labelled("buy-label", LABEL, LABEL | {"service": "EXPRESS"}),
        "void-label": labelled("void-label", {"label_id": "l1"}, {"label_id": "l2"}),
        "ship-label": labelled("ship-label", {"label_id": "l1"}, {"label_id": "l2"}, bought=True),
        "pick": command("pick", ONE_UNIT, {}, *paid),
        "pack": command("pack", ONE_UNIT, {}, *paid, ("pick", {})),
        "undo-pick": command("undo-pick", ONE_UNIT, {}, *paid, ("pick", {})),
        "undo-pack": command("undo-pack", ONE_UNIT, {}, *paid, ("pick", {}), ("pack", {})),
        "short-pick": command("short-pick", MISSING, MISSING | {"reason": "damaged"}, *paid),
        "undo-short-pick": undone_short_pick,
        "put-back": command(
            "put-back", ONE_UNIT, {}, *paid, ("pick", {}), ("cancel", {"reason": "customer"})
        ),
        "refund": command("refund", refund, refund | more, *paid),
        "refunds/{refund_id}/execute": granted("execute"),
        "refunds/{refund_id}/withdraw": granted("withdraw"),
        "undo-paid": undone_payment,
        "resend-mail": sent_mail,
        "undo-ship": undone_parcel,
        "hand-over": handed_over,
        "undo-hand-over": undone_hand_over,
        "undo-cancel": command("undo-cancel", {}, None, VERIFY, ("cancel", {"reason": "mistake"})),
        "undo-refund": undone_refund,
        "capture": authorized_money,
        "payment-method": command(
            "payment-method", {"payment_method": "stripe"}, {"payment_method": "bank_transfer"}, VERIFY
        ),
        "deposit-cheque": command("deposit-cheque", CHEQUE, CHEQUE | {"number": "2"}, VERIFY),
        "clear-cheque": command("clear-cheque", {}, {"notify": False}, VERIFY, DEPOSIT),
        "bounce-cheque": command("bounce-cheque", BOUNCED, {"reason": "mistake"}, VERIFY, DEPOSIT),
        "undo-cheque": command("undo-cheque", {}, None, VERIFY, DEPOSIT),
        "bounce": command("bounce", {"reason": "no_funds"}, {"reason": "mistake"}, *paid),
        "undo-bounce": entered("undo-bounce", "bounce", BOUNCED, "payment_id", {}),
        "fees": command("fees", FEE, FEE | more, *paid),
        "fees/{fee_id}/withdraw": entered("fees/{}/withdraw", "fees", FEE, "fee_id", {}),
        "disputes": command("disputes", CLAIM, CLAIM | half, *paid),
        "disputes/{dispute_id}/close": entered(
            "disputes/{}/close", "disputes", CLAIM, "dispute_id", {"outcome": "won"}, {"outcome": "lost"}
        ),
        "place": drafted("place", {"verified": True, "accept_privacy": True}, {"accept_privacy": True}),
        "edits/{edit_id}/confirm": edited("confirm", {"notify": True}, {"notify": False}),
    }
    accepted = {
        "approve": command("approve", {}, None, VERIFY),
        "verify": command("verify", {}, None),
        "assign": command("assign", {"to": "me"}, {"to": None}),
        "tag": command("tag", {"add": ["a"]}, {"add": ["b"]}),
        "promise": waiting,
        "ready-for-pickup": at_counter("ready-for-pickup", {"shelf": "A"}, {"shelf": "B"}),
        "not-ready": at_counter("not-ready", {}, None),
        "hold": command("hold", {"reason": "fraud"}, {"reason": "manual"}),
        "release-hold": held,
        "retry": failed,
        "address-fine": command("address-fine", {}, None),
        "label": command("label", {"label": "pending"}, {"label": "processed"}, VERIFY),
        "repeat": command("repeat", {}, None),
        "discard": drafted("discard", {}),
        "withdraw-quote": withdrawn,
        "quote": drafted("quote", {"expires_at": in_days(7)}, {"expires_at": in_days(8)}),
        "edits": command("edits", {"actions": [QUANTITY]}, {"actions": [QUANTITY | {"quantity": 3}]}, VERIFY),
        "edits/{edit_id}/decline": edited("decline", {"reason": "no"}, {"reason": "nunca"}),
        "edits/{edit_id}/request-acceptance": edited(
            "request-acceptance", {"message": "a"}, {"message": "b"}
        ),
    }
    named = {name: Case("required", prepare, version=True) for name, prepare in required.items()}
    named |= {name: Case("accepted", prepare, version=True) for name, prepare in accepted.items()}
    named["purge"] = Case("accepted", discarded, version=True, role="admin")
    return {("POST", f"/admin/orders/{{order_id}}/{name}"): case for name, case in named.items()}


def period_lock(call: Call) -> Sent:
    body = {"until": "2020-12-31", "reason": "con el contador"}
    return Sent("/admin/period-lock", body, body | {"until": "2020-11-30"})


PEOPLE = "screens/test_people_api.py"
CUSTOMER, ADDRESSES = "/admin/customers/{customer_id}", "/admin/customers/{customer_id}/addresses"


def movement(what: str) -> Prepare:
    """A movement of a bank statement that pays an order just so."""

    def prepare(call: Call) -> Sent:
        (made,) = waiting_for_transfer(call)
        statement_id = statement(call, line(made["number"]))
        (row,) = proposals(call, statement_id)
        if what == "confirm":
            rows = [wish(row)]
            return Sent(
                f"/admin/statements/{statement_id}/confirm", {"rows": rows}, {"rows": rows, "notify": False}
            )
        if what == "split":
            part = {"order_id": made["order_id"], "amount": {"amount": 11_600, "currency": "MXN"}}
            parts = [part, part | {"order_id": place(call, "another")["order_id"]}]
            return Sent(
                f"/admin/statements/{statement_id}/entries/{row['entry_id']}/split",
                {"parts": parts},
                {"parts": parts, "notify": False},
            )
        body = {"reason": "préstamo"} if what == "set-aside" else None
        return Sent(f"/admin/statements/{statement_id}/entries/{row['entry_id']}/{what}", body)

    return prepare


CASES: dict[tuple[str, str], Case] = _orders() | {
    ("POST", "/admin/drafts"): Case("accepted", draft_start),
    ("PATCH", "/admin/drafts/{order_id}"): Case("accepted", draft_change, version=True),
    ("POST", "/admin/pickups/find"): Case("same", found_by_code),
    ("POST", "/admin/waves/{wave_id}/release"): Case(
        "same", None, test="picking/test_office.py::test_staff_take_a_wave_away_once"
    ),
    ("PUT", "/admin/vans/{van_id}"): Case(
        "same", None, test="labels/test_vans.py::test_a_van_is_asked_for_once_and_listed"
    ),
    ("POST", "/admin/vans/{van_id}/settle"): Case(
        "once", None, test="labels/test_vans.py::test_what_nobody_knows_is_not_asked_again_but_settled"
    ),
    ("POST", "/picking/waves"): Case(
        "same", None, test="picking/test_waves.py::test_the_same_wave_again_is_the_same_wave"
    ),
    ("POST", "/picking/waves/{wave_id}/scans"): Case(
        "same", None, test="picking/test_waves.py::test_a_lost_phone_does_not_block_the_shelf"
    ),
    ("POST", "/picking/waves/{wave_id}/undo"): Case(
        "same", None, test="picking/test_alarms.py::test_a_scan_is_taken_back_once"
    ),
    ("POST", "/picking/waves/{wave_id}/short"): Case(
        "same", None, test="picking/test_short.py::test_what_is_not_there_waits_and_the_rest_is_done"
    ),
    ("POST", "/picking/waves/{wave_id}/alarms/{alarm_id}/seen"): Case(
        "same", None, test="picking/test_alarms.py::test_an_alarm_is_acknowledged_once"
    ),
    ("POST", "/picking/waves/{wave_id}/finish"): Case(
        "same", None, test="picking/test_alarms.py::test_articles_of_half_a_bundle_go_back_when_the_wave_ends"
    ),
    ("POST", "/picking/waves/{wave_id}/release"): Case(
        "same", None, test="picking/test_office.py::test_a_wave_that_was_given_back_is_given_back_once"
    ),
    ("POST", "/admin/orders/{order_id}/rates"): Case("same", rates_of_nobody),
    ("POST", "/admin/statements"): Case(
        "same", None, test="test_statements.py::test_a_file_is_taken_in_once"
    ),
    ("POST", "/admin/statements/{statement_id}/confirm"): Case("required", movement("confirm")),
    ("POST", "/admin/statements/{statement_id}/entries/{entry_id}/split"): Case(
        "required", movement("split")
    ),
    ("POST", "/admin/statements/{statement_id}/entries/{entry_id}/set-aside"): Case(
        "same", movement("set-aside")
    ),
    ("POST", "/admin/statements/{statement_id}/entries/{entry_id}/reopen"): Case("same", movement("reopen")),
    ("POST", "/admin/reconciliation/{provider}/ask"): Case(
        "again", None, test="payments/test_payouts.py::test_a_provider_is_asked_at_once"
    ),
    ("PUT", "/admin/period-lock"): Case("same", period_lock, role="admin"),
    ("POST", "/admin/days/{day}/close"): Case(
        "once", None, test="payments/test_days.py::test_a_day_is_closed_with_what_was_counted"
    ),
    ("POST", "/admin/days/{day}/open"): Case(
        "once",
        None,
        role="admin",
        test="payments/test_days.py::test_an_administrator_opens_a_day_again_and_all_is_kept",
    ),
    ("POST", "/admin/stock/{sku}/adjust"): Case("required", adjustment),
    ("POST", "/admin/stock/{sku}/count"): Case("required", shelf("count", "counted")),
    ("POST", "/admin/stock/{sku}/spread"): Case("required", shelf("spread", "shards")),
    ("PUT", "/admin/stock/{sku}/backorder"): Case("same", shelf_backorder),
    ("PUT", "/admin/stock/{sku}/bin"): Case("same", shelf_bin),
    ("POST", "/admin/stock/import"): Case(
        "same", None, test="test_import_counts.py::test_the_same_file_again_moves_nothing"
    ),
    ("PUT", "/admin/stock/{sku}/low-stock"): Case("same", shelf("low-stock", "units")),
    ("POST", "/admin/stock/{sku}/transfer"): Case("required", transfer),
    ("POST", "/admin/exports/{destination}/run"): Case(
        "accepted", None, test="test_export_batches.py::test_the_same_request_twice_is_one_batch"
    ),
    ("POST", "/admin/exports/{destination}/test"): Case(
        "again", None, test="test_export_tests.py::test_asking_twice_tests_twice_and_changes_no_setting"
    ),
    ("POST", "/admin/export-batches/{batch_id}/resend"): Case(
        "again",
        None,
        test="test_export_batches.py::test_resending_takes_the_same_bytes_and_marks_nothing_anew",
    ),
    ("POST", "/admin/products/import"): Case(
        "same", None, test="test_import_products.py::test_the_same_file_again_changes_nothing"
    ),
    ("POST", "/admin/operations/dead-letters/{queue}/replay"): Case(
        "again", None, test="operations/test_dead_letters.py::test_a_message_goes_back_to_its_queue_once"
    ),
    ("POST", "/admin/operations/dead-letters/{queue}/discard"): Case(
        "same", None, test="operations/test_dead_letters.py::test_a_message_is_discarded_with_a_reason"
    ),
    ("POST", "/admin/operations/executions/{machine}/redrive"): Case(
        "again",
        None,
        test="operations/test_executions.py::"
        "test_a_step_that_failed_is_named_and_retried_in_the_same_execution",
    ),
    ("POST", "/admin/orders/{order_id}/effects/{effect_id}/settle"): Case("required", in_doubt, version=True),
    ("POST", "/admin/operations/switches/{family}/{code}/pause"): Case("same", switch("pause")),
    ("POST", "/admin/operations/switches/{family}/{code}/resume"): Case("same", switch("resume")),
    ("POST", "/admin/webhook-events/{event_id}/replay"): Case(
        "again",
        None,
        test="test_carrier_webhooks.py::test_what_nobody_knows_is_kept_and_counts_once_the_parcel_is_registered",
    ),
    ("PATCH", "/admin/settings/{section}"): Case("version", section, version=True, role="admin"),
    ("PUT", "/admin/settings/{section}"): Case("version", section, version=True, role="admin"),
    ("POST", "/admin/settings/{section}/restore"): Case("version", restored, version=True, role="admin"),
    ("PATCH", CUSTOMER): Case("accepted", customer({"note": "buen cliente"}), version=True),
    ("POST", f"{CUSTOMER}/merge"): Case("required", merge, version=True),
    ("POST", ADDRESSES): Case("accepted", customer({"address": ADDRESS}, "addresses"), version=True),
    ("PATCH", f"{ADDRESSES}/{{address_id}}"): Case(
        "accepted", customer({"default": True}, "addresses", "ADDRESS_ID"), version=True
    ),
    ("DELETE", f"{ADDRESSES}/{{address_id}}"): Case(
        "accepted", customer(None, "addresses", "ADDRESS_ID"), version=True
    ),
    ("PUT", "/admin/price-lists/{group}/{sku}"): Case("version", price, version=True, role="admin"),
    ("POST", "/admin/price-lists/{group}/import"): Case(
        "same", None, test="test_price_lists.py::test_a_list_is_imported_once_however_often_it_is_sent"
    ),
    ("POST", "/admin/people"): Case(
        "same", None, role="admin", test=f"{PEOPLE}::test_inviting_again_invites_nobody_else"
    ),
    ("PUT", "/admin/people/{person}/role"): Case(
        "same", None, role="admin", test=f"{PEOPLE}::test_saying_the_same_again_changes_nothing"
    ),
    ("POST", "/admin/people/{person}/disable"): Case(
        "same", None, role="admin", test=f"{PEOPLE}::test_saying_the_same_again_changes_nothing"
    ),
    ("POST", "/admin/people/{person}/enable"): Case(
        "same", None, role="admin", test=f"{PEOPLE}::test_saying_the_same_again_changes_nothing"
    ),
    ("POST", "/admin/people/{person}/sign-out"): Case(
        "again",
        None,
        role="admin",
        test=f"{PEOPLE}::test_sessions_end_and_invitations_go_out_as_often_as_asked",
    ),
    ("POST", "/admin/people/{person}/invite"): Case(
        "again",
        None,
        role="admin",
        test=f"{PEOPLE}::test_sessions_end_and_invitations_go_out_as_often_as_asked",
    ),
    ("POST", "/admin/bulk"): Case(
        "required",
        None,
        test="test_bulk_jobs.py::test_the_same_key_is_the_same_job_and_another_body_is_refused",
    ),
    ("POST", "/admin/jobs/{job_id}/cancel"): Case(
        "same", None, test="test_bulk_jobs.py::test_a_job_is_stopped_between_orders_and_gone_on_with"
    ),
    ("POST", "/admin/jobs/{job_id}/resume"): Case(
        "same", None, test="test_bulk_jobs.py::test_a_job_is_stopped_between_orders_and_gone_on_with"
    ),
    ("POST", "/admin/carts/{cart_id}/take"): Case(
        "accepted", None, test="test_open_carts.py::test_taking_twice_under_one_key_makes_one_draft"
    ),
    ("POST", "/admin/customers/{customer_id}/credit"): Case("required", credit, role="admin"),
    ("POST", "/admin/gift-cards"): Case("required", gift_card, role="admin"),
    ("POST", "/admin/gift-cards/{card_id}/disable"): Case("same", switched("disable"), role="admin"),
    ("POST", "/admin/gift-cards/{card_id}/enable"): Case("same", switched("enable"), role="admin"),
    ("POST", "/quotes/accept"): Case("accepted", quotation, function="accept_quote"),
    ("POST", "/admin/discount-codes"): Case(
        "accepted", lambda call: Sent("/admin/discount-codes", CODE, CODE | {"code": "OTONO"}), role="admin"
    ),
    ("PATCH", "/admin/discount-codes/{name}"): Case("accepted", code_change, version=True, role="admin"),
    ("POST", "/orders"): Case("required", checkout, function="place_order"),
    ("POST", "/carts"): Case("accepted", cart, function="storefront"),
    ("POST", "/checkout/address"): Case(
        "same", lambda call: Sent("/checkout/address", {"address": ADDRESS}), function="storefront"
    ),
    ("POST", "/checkout/delivery-prices"): Case("same", delivery_prices, function="storefront"),
    ("POST", "/carts/{cart_id}/checkout"): Case(
        "same", in_cart("checkout", body=None), function="storefront"
    ),
    ("PUT", "/carts/{cart_id}/contact"): Case(
        "same", in_cart("contact", body={"email": "ana@example.com", "name": "Ana"}), function="storefront"
    ),
    ("PUT", "/carts/{cart_id}/lines/{sku}"): Case(
        "same", in_cart("lines", "CAFE-1", body={"quantity": 2}), function="storefront"
    ),
    ("POST", "/verify-email"): Case(
        "accepted", link("/verify-email", "verification", "verify"), function="verify_email"
    ),
    ("POST", "/approve-order"): Case(
        "accepted",
        link("/approve-order", "merchant_order", "approve", VERIFY, decision="approve"),
        function="approve_order",
    ),
    ("POST", "/accept-edit"): Case("accepted", acceptance, function="accept_edit"),
    ("POST", "/orders/{order_id}/payments"): Case(
        "again", customers_own("payments", {"payment_method": "bank_transfer"}), function="customer_order"
    ),
    ("POST", "/orders/{order_id}/repeat"): Case(
        "accepted", customers_own("repeat", None), function="customer_order"
    ),
    ("POST", "/orders/{order_id}/resend-verification"): Case(
        "again", customers_own("resend-verification", {}), function="customer_order"
    ),
    ("POST", "/webhooks/carriers/{carrier}"): Case(
        "sender", None, test="test_carrier_webhooks.py::test_shuffled_and_doubled_reports_end_alike"
    ),
    ("POST", "/webhooks/payments/{provider}"): Case(
        "sender", None, test="payments/test_webhook.py::test_the_same_event_is_stored_once_over_days"
    ),
}


def send(call: Call, method: str, case: Case, sent: Sent, body: Any, **headers: str | None) -> Any:
    """Send it; `key` and `version` are headers, None leaves one out."""
    told = dict(sent.headers)
    if headers.get("key"):
        told["Idempotency-Key"] = str(headers["key"])
    if headers.get("version"):
        told["If-Match"] = str(headers["version"])
    more = {"claims": claims(case.role)} if case.function == "staff_api" else {}
    return call(case.function, method, sent.path, body, headers=told, **more)
