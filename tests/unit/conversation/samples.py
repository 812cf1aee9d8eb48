"""Orders for the mails and pages of tests, built from the model."""

from dataclasses import replace
from typing import Any

from comanda.conversation.urls import Urls
from comanda.ids import token_hash
from comanda.links.keys import Keys
from comanda.orders.decision import Loaded, Outgoing
from comanda.orders.deliveries import planned
from comanda.orders.derive import derived
from comanda.orders.edits.change_set import OpenEdit
from comanda.orders.model import (
    Charge,
    Draft,
    Entry,
    Line,
    Order,
    Pickup,
    Shipment,
    ShipmentLine,
    TaxLine,
    Terms,
    Totals,
)
from comanda.orders.vocabulary import Channel, Lifecycle, Method
from comanda.settings.sections import Checkout, FormField, Notifications, PaymentMethod, Shipping, Shop, Words

ORDER_ID = "068qv3c1ekts5d8f8n1q4v9k2o"
KEYS = Keys("signing-key-of-the-tests")
URLS = Urls("https://pedidos.example.com", KEYS)
PLACED = "2026-11-20T16:30:00.000Z"

SECTIONS: dict[str, Any] = {
    "shop": Shop(name="Barro y Lana", url="https://barroylana.example.com"),
    "checkout": Checkout(
        fields=(
            FormField(name="gift", type="checkbox", label=Words(es="Es un regalo", en="It is a gift")),
            FormField(name="floor", label=Words(es="Piso", en="Floor")),
        )
    ),
    "shipping": Shipping(),
    "notifications": Notifications(
        merchant_addresses=("ventas@barroylana.example.com", "almacen@barroylana.example.com"),
        reply_to="hola@barroylana.example.com",
    ),
    "payments.bank_transfer": PaymentMethod(
        enabled=True,
        title=Words(es="Transferencia bancaria", en="Bank transfer"),
        instructions=Words(
            es="Banco del Valle\nCLABE 012 180 0012 3456 7899\nBarro y Lana, S.A. de C.V.",
            en="Banco del Valle\nCLABE 012 180 0012 3456 7899\nBarro y Lana, S.A. de C.V.",
        ),
    ),
    "payments.stripe": PaymentMethod(enabled=True, title=Words(es="Tarjeta", en="Card")),
    "payments.request": PaymentMethod(enabled=True, title=Words(es="Solicitud sin pago", en="Request")),
}

CONTACT = {
    "email": "ana@example.com",
    "name": "Ana Muñoz Íñiguez",
    "phone": "+525512345678",
    "company": "Café Ñandú",
    "tax_id": "MUIA800101AB1",
}
ADDRESS = {
    "line1": "Av. Álvaro Obregón 45, int. 3",
    "line2": "",
    "city": "Cuauhtémoc",
    "state": "CDMX",
    "postal_code": "06700",
    "country": "MX",
}


def lines(**counts: int) -> tuple[Line, ...]:
    """Two articles; `counts` apply to the first."""
    mug = Line("l1", "TAZA-01", "Taza de barro negro", 2, 18_000, 36_000, 3_600, 4_469, 160_000, 32_400)
    rug = Line(
        "l2",
        "TAPETE-7",
        "Tapete de lana teñido con cochinilla, 80 × 150 cm",
        1,
        145_000,
        145_000,
        14_500,
        0,
        0,
        130_500,
    )
    return (replace(mug, **counts), rug)


def order(**changes: Any) -> Order:
    """A verified, approved order that waits for a bank transfer, with its axes derived."""
    made = Order(
        order_id=ORDER_ID,
        number="P-000123",
        currency="MXN",
        channel=Channel.WEB,
        locale="es",
        lifecycle=Lifecycle.PLACED,
        method=Method.BANK_TRANSFER,
        delivery="ship",
        created_at=PLACED,
        updated_at=PLACED,
        lines=lines(),
        charges=(
            Charge("discount", "OTOÑO10", "OTOÑO10", 18_100),
            Charge("shipping", "ship", "Envío a domicilio", 9_900, 1_366, 160_000),
        ),
        tax_lines=(TaxLine(0, 130_500, 0), TaxLine(160_000, 42_300, 5_834)),
        totals=Totals(181_000, 18_100, 0, 9_900, 5_834, 172_800, True),
        terms=Terms(verify_by="2026-11-21T16:30:00.000Z", pay_by="2026-11-27T16:30:00.000Z"),
        verified=True,
        approved=True,
    )
    return derived(replace(made, **changes))


def loaded(placed: Order | None = None, **texts: Any) -> Loaded:
    """The order with its personal texts; `texts` replaces some, None removes one."""
    personal: dict[str, Any] = {
        "contact": CONTACT,
        "shipping": ADDRESS,
        "comment": "Por favor, envolver por separado.\nGracias.",
        "purchase_order": "OC-778",
        "fields": {"gift": True, "floor": "3"},
    } | texts
    return Loaded(placed or order(), {name: value for name, value in personal.items() if value is not None})


def effect(event: str, **data: Any) -> Outgoing:
    """A wanted mail; links are marked as the checkout marks them."""
    marks = {}
    for purpose in ("verify", "approve", "csv", "edit", "quote"):
        token = KEYS.link(purpose, ORDER_ID, "1")
        marks[purpose] = {"hash": token_hash(token), "serial": "1"}
    return Outgoing(f"mail-{event}", "mail", "wanted", {"event": event, "links": marks} | data, PLACED)


def paid(amount: int = 172_800, kind: str = "capture") -> Entry:
    entry_id, ref = f"manual:{kind}:1", f"{kind}-1"
    return Entry(entry_id, kind, "bank_transfer", "manual", amount, "MXN", "ok", PLACED, ref)


def parcel(shipment_id: str = "s1", line: Line | None = None, **more: Any) -> Shipment:
    """A parcel with all units of a line, the mugs if none is named."""
    inside = line or lines()[0]
    known: dict[str, Any] = {
        "tracking_url": f"https://rastreo.example.com/{shipment_id}",
        "expected_at": "2026-11-26T18:00:00.000Z",
    }
    content = (ShipmentLine(inside.line_id, inside.sku, inside.quantity),)
    number, left = f"90{shipment_id}5512", "2026-11-23T15:00:00.000Z"
    return Shipment(shipment_id, "estafeta", number, content, left, **(known | more))


def shipped_in_two(**more: Any) -> Order:
    """Both parcels are on their way."""
    full = tuple(replace(line, shipped=line.quantity) for line in lines())
    parcels = (parcel(), parcel("s2", lines()[1]))
    return order(lines=full, shipments=parcels, ledger=(paid(),), **more)


def half_shipped(**more: Any) -> Order:
    """The first article is on its way, the second still in the shop."""
    return order(lines=lines(shipped=2), shipments=(parcel(),), ledger=(paid(),), **more)


def at_counter() -> Order:
    """The mugs wait at the shop for their customer; the rug is still to come."""
    mark = token_hash(KEYS.link("pickup", ORDER_ID, "1"))
    mugs = (ShipmentLine("l1", "TAZA-01", 2),)
    until = "2026-11-30T18:00:00.000Z"
    pickup = Pickup("1", mark, "pickup", "2026-11-23T15:00:00.000Z", mugs, until)
    return order(lines=lines(allocated=2), delivery="pickup", pickup=pickup, ledger=(paid(),))


def ready_in_part() -> Order:
    """The mugs may leave; the rug is still to come in."""
    mug, rug = lines(allocated=2)
    waits = replace(rug, backordered=1, promised_at="2026-12-14")
    terms = Terms(ready_mail=True)
    made = order(lines=(mug, waits), terms=terms, told_ready=(1,), ledger=(paid(),))
    return replace(made, deliveries=planned(made))


def proposed(difference: int = 18_000) -> tuple[Loaded, Outgoing]:
    """A change that the customer is asked to accept, with the order as it would be."""
    edit = OpenEdit(
        "e1",
        (),
        PLACED,
        "staff:1",
        "",
        172_800,
        difference,
        version=0,
        asked_until="2026-11-23T16:30:00.000Z",
    )
    texts = {"note:e1:asked": "La taza grande ya llegó.\n¿La cambiamos?"}
    return loaded(order(edit=edit, edits=1), **texts), effect("order_edited", asks="e1")


def held() -> Entry:
    """Money that the bank keeps for the shop for a while."""
    until = "2026-11-28T18:00:00.000Z"
    return replace(paid(172_800, "authorization"), parent="pi_1", until=until, warned=True)


def letters() -> dict[str, tuple[Loaded, Outgoing]]:
    """One occasion for each mail to or about a customer."""
    request = order(lifecycle=Lifecycle.AWAITING_VERIFICATION, verified=False, approved=False)
    unseen = order(approved=False)
    ended = order(lifecycle=Lifecycle.CANCELLED, cancel_reason="unpaid")
    refused = order(lifecycle=Lifecycle.CANCELLED, cancel_reason="rejected", approved=False)
    offer = Draft(method="bank_transfer", expires_at="2026-12-15T18:00:00.000Z", serial=1)
    offered = order(lifecycle=Lifecycle.QUOTED, draft=offer, terms=Terms(payable=False), approved=False)
    home = tuple(replace(line, shipped=line.quantity, delivered=line.quantity) for line in lines())
    arrived = parcel(status="delivered", delivered_at="2026-11-26T17:20:00.000Z")
    return {
        "verification": (loaded(request), effect("verification")),
        "quotation": (loaded(offered), effect("quotation")),
        "order_placed": (loaded(unseen), effect("order_placed")),
        "merchant_order": (loaded(unseen), effect("merchant_order")),
        "authorization_expiring": (
            loaded(replace(unseen, ledger=(held(),))),
            effect("authorization_expiring"),
        ),
        "authorization_lapsed": (loaded(unseen), effect("authorization_lapsed")),
        "order_approved": (loaded(), effect("order_approved")),
        "order_rejected": (
            loaded(refused, **{"note:end": "No surtimos este tapete hasta enero."}),
            effect("order_rejected"),
        ),
        "order_edited": (loaded(), effect("order_edited")),
        "order_cancelled": (loaded(ended), effect("order_cancelled")),
        "payment_instructions": (loaded(), effect("payment_instructions")),
        "payment_reminder": (loaded(), effect("payment_reminder")),
        "payment_received": (loaded(order(ledger=(paid(),))), effect("payment_received", amount=172_800)),
        "payment_failed": (loaded(order(method=Method.STRIPE)), effect("payment_failed")),
        "refunded": (
            loaded(order(ledger=(paid(), paid(50_000, "refund")))),
            effect("refunded", amount=50_000),
        ),
        "shipped": (loaded(half_shipped()), effect("shipped", shipment_id="s1")),
        "promise_changed": (
            loaded(order(lines=lines(backordered=2, promised_at="2026-12-14"))),  # type: ignore[arg-type]
            effect("promise_changed", lines=["l1"], promised_at="2026-12-14"),
        ),
        "order_ready": (loaded(ready_in_part()), effect("order_ready", delivery=1)),
        "ready_for_pickup": (loaded(at_counter()), effect("ready_for_pickup")),
        "pickup_reminder": (loaded(at_counter()), effect("pickup_reminder")),
        "delivered": (
            loaded(order(lines=home, shipments=(arrived,), ledger=(paid(),))),
            effect("delivered", shipment_id="s1"),
        ),
    }
