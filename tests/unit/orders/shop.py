"""A whole shop in memory: the real commands over stand-in stores, and a payment provider of its own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from comanda.customers.model import Customer
from comanda.customers.wallet import CREDIT, Account
from comanda.fulfilment.short_pick import ShortDesk
from comanda.idempotency.once import Once
from comanda.idempotency.store import Request
from comanda.links.issue import Links
from comanda.links.keys import Keys
from comanda.orders.attempts import START as BEGIN
from comanda.orders.authorized import CAPTURE
from comanda.orders.backorder import Arrivals
from comanda.orders.consequences import Consequences
from comanda.orders.decision import Decision, Loaded
from comanda.orders.desk import Desk, Done
from comanda.orders.drafts.accept import accept_quotation
from comanda.orders.drafts.content import Wishes
from comanda.orders.drafts.place import Counter as DraftCounter
from comanda.orders.drafts.write import DraftDesk, starting
from comanda.orders.edits.desk import EditDesk
from comanda.orders.edits.work_out import EditShelf
from comanda.orders.model import Draft, DraftLine, Order
from comanda.orders.place import Counter, place_order
from comanda.orders.request import OrderRequest, Shelf
from comanda.orders.spend import Funds
from comanda.orders.vocabulary import Method
from comanda.origin import Origin
from comanda.payments.choose import start_wanted
from comanda.payments.ledger import recording
from comanda.payments.provider import Charge, Dispute, ProviderRecord, Refund
from comanda.settings.sections import Checkout, Fulfilment, Notifications, PaymentMethod, Shipping, Shop
from comanda.settings.sections import ShortPick as ShortPickRules
from comanda.settings.sections import Stock as StockRules
from comanda.stock.model import Adjustment, Move, Part, Product
from comanda.stock.places import Look
from comanda.times import stamp
from tests.fakes import (
    FakeCodes,
    FakeKeys,
    FakeLinkStore,
    FakeNumbers,
    FakeOrders,
    FakeRegister,
    FakeStockBook,
    FakeTransaction,
    FakeWallets,
)

START = {"A": 12, "B": 5}
PRODUCTS = {
    "A": Product("A", {"es": "Café"}, 10_000, 160_000),
    "B": Product("B", {"es": "Taza"}, 3_333, 160_000),
    "U": Product("U", {"es": "Tarjeta"}, 500, 0, tracked=False),
    "S": Product(
        "S", {"es": "Juego"}, 12_000, 160_000, components=(Part("A", 2), Part("B", 1), Part("U", 1, False))
    ),
}
ADDRESS = {"line1": "Av. 1", "city": "CDMX", "state": "CDMX", "postal_code": "06700", "country": "MX"}
KNOWN = Customer("c-known", "ana@example.com", "Ana", verified_at="2026-01-01T00:00:00.000Z", address=ADDRESS)


class Crashed(Exception):
    """The process died here."""


@dataclass
class Provider:
    """What Stripe would have: payments that move on their own, money that never gets lost."""

    payments: dict[str, ProviderRecord] = field(default_factory=dict)

    def begin(self, order: Order, ref: str, amount: int) -> None:
        self.payments[ref] = ProviderRecord(
            "stripe", ref, "pending", amount, order.currency, order_id=order.order_id
        )

    def of(self, order_id: str) -> list[ProviderRecord]:
        return [record for record in self.payments.values() if record.order_id == order_id]

    def move(self, ref: str, status: str) -> None:
        """The customer, or the bank, does something; what is settled stays so."""
        record = self.payments[ref]
        if record.status in ("succeeded", "void"):
            return
        charges: tuple[Charge, ...] = ()
        if status == "lapsed":
            if record.status == "authorized":
                self.payments[ref] = replace(record, status="void", charges=(), lapsed=True)
            return
        if status in ("authorized", "succeeded"):
            taken = record.amount if status == "succeeded" else 0
            charges = (Charge(f"ch_{ref}", record.amount, taken, record.currency),)
        self.payments[ref] = replace(record, status=status, charges=charges)

    def capture(self, ref: str, amount: int) -> None:
        """Take a part of what is authorised; the rest goes back for good."""
        record = self.payments[ref]
        if record.status == "authorized":
            taken = tuple(replace(one, captured=min(amount, one.amount)) for one in record.charges)
            self.payments[ref] = replace(record, status="succeeded", charges=taken)

    def refund(self, charge: str, amount: int, effect_id: str) -> bool:
        """Give money back; never more than the charge has left, and once under the same name."""
        for ref, record in self.payments.items():
            again = ((made.effect_id, made.charge) for made in record.refunds)
            if effect_id and (effect_id, charge) in again:
                return True
            for one in record.charges:
                left = self._left(record, one)
                if one.ref == charge and 0 < amount <= left:
                    name = f"re_{charge}_{len(record.refunds)}"
                    made = Refund(name, charge, amount, record.currency, "ok", effect_id)
                    self.payments[ref] = replace(record, refunds=(*record.refunds, made))
                    return True
        return False

    def dispute(self, ref: str, amount: int) -> None:
        """The payer's bank wants money back; one dispute of a payment at a time."""
        record = self.payments[ref]
        for one in record.charges:
            open_one = any(d.status == "open" for d in record.disputes)
            if not open_one and 0 < amount <= self._left(record, one):
                name = f"du_{ref}_{len(record.disputes)}"
                made = Dispute(name, one.ref, amount, record.currency, "open", "fraudulent")
                self.payments[ref] = replace(record, disputes=(*record.disputes, made))

    def decide(self, ref: str, how: str) -> None:
        """The bank decides: won | lost."""
        record = self.payments[ref]
        decided = tuple(replace(d, status=how) if d.status == "open" else d for d in record.disputes)
        self.payments[ref] = replace(record, disputes=decided)

    @staticmethod
    def _left(record: ProviderRecord, charge: Charge) -> int:
        back = sum(r.amount for r in record.refunds if r.charge == charge.ref)
        return charge.captured - back - sum(d.amount for d in record.disputes if d.status != "won")

    def lost(self, order_id: str) -> int:
        disputes = (dispute for record in self.of(order_id) for dispute in record.disputes)
        return sum(dispute.amount for dispute in disputes if dispute.status == "lost")

    def captured(self, order_id: str) -> int:
        return sum(charge.captured for record in self.of(order_id) for charge in record.charges)

    def refunded(self, order_id: str) -> int:
        return sum(refund.amount for record in self.of(order_id) for refund in record.refunds)


class ShopReader:
    """What an edit reads of the shop: its products and its shelves."""

    def __init__(self, book: FakeStockBook) -> None:
        self.book = book

    def shelf(self, skus: Iterable[str], customer_id: str) -> EditShelf:
        return EditShelf({sku: PRODUCTS[sku] for sku in skus if sku in PRODUCTS}, Shipping(), "main")

    def seen(self, skus: Iterable[str]) -> Look:
        return self.book.look(skus, "main")

    def checkout(self) -> Checkout:
        return Checkout(edit_seconds=600)

    def shop(self) -> Shop:
        return Shop()


class DraftReader:
    """What a draft reads of the shop; `rules` are those of whatever method it names."""

    rules = PaymentMethod(enabled=True, remind_seconds=600, cancel_seconds=1200)

    def shelf(self, draft: Draft, email: str) -> Shelf:
        shelf = Shelf(Shop(), Checkout(), Shipping(), self.rules, StockRules(), Notifications(), PRODUCTS)
        return replace(shelf, owner=KNOWN.customer_id) if email == KNOWN.email else shelf


class TestShop:
    """Everything one needs to run commands; `crash` lets the next write die before or after it is done."""

    __test__ = False

    def __init__(self) -> None:
        self.crash = ""
        self.book = FakeStockBook(**START)
        self.book.promised["B"] = "2026-12-24"  # sold beyond its stock
        self.received: dict[str, int] = {}
        self.orders = FakeOrders(self.book, self._around)
        self.wallets = FakeWallets()
        self.links = Links(FakeLinkStore(), lambda: Keys("key"))  # type: ignore[arg-type]
        self.desk = Desk(self.orders, Consequences(self.links, wallets=self.wallets), self.book)
        self.provider = Provider()
        self.by_hand: dict[str, int] = {}  # money that staff confirmed, by order
        self.clock = datetime(2026, 11, 21, 18, tzinfo=UTC)
        self._ids = count(1)
        register = FakeRegister()
        new_id = lambda: f"id{next(self._ids):04d}"  # noqa: E731 - the shop's one source of ids
        self.edits = EditDesk(ShopReader(self.book), register, self.links, new_id)  # type: ignore[arg-type]
        register.customers[KNOWN.email] = KNOWN
        self.short_rules = ShortPickRules()
        self.corrections: list[Adjustment] = []
        self.short = ShortDesk(
            self.book,
            self.orders.seen,
            lambda: self.short_rules,
            lambda tx, made: tx.add(lambda: self.corrections.append(made)),
            new_id,
            self.edits.reader.shelf,
        )
        self.given: dict[str, int] = {}  # credit that staff gave
        reader = DraftReader()
        self.drafts = DraftDesk(reader, FakeNumbers(), new_id)
        self.at_the_phone = DraftCounter(
            reader,
            self.links,
            register,  # type: ignore[arg-type]
            new_id,
            FakeCodes(),
            self.wallets.read,
        )
        self._counter = Counter(
            self.desk,
            self.links,
            FakeNumbers(),
            register,
            FakeKeys(),  # type: ignore[arg-type]
            new_id,
            FakeCodes(),
        )

    def _around(self, name: str) -> None:
        if self.crash == name:
            self.crash = ""
            raise Crashed(name)

    def dying(self, where: str, work: Callable[[], Any]) -> Any:
        """Do some work whose process dies once, there; whoever asked for it asks again."""
        self.crash = where
        try:
            return work()
        except Crashed:
            return work()
        finally:
            self.crash = ""

    @property
    def at(self) -> str:
        return stamp(self.clock)

    def later(self, seconds: int) -> None:
        self.clock += timedelta(seconds=seconds)

    def origin(self, actor: str = "staff:1") -> Origin:
        return Origin(actor, "request:1", self.at)

    def order(self, order_id: str) -> Order:
        return self.desk.load(order_id).order

    def place(
        self, lines: tuple[tuple[str, int], ...], method: Method, payment: PaymentMethod, **settings: Any
    ) -> Order:
        """Place an order as the checkout does; `known` customers skip the verification."""
        known, credit = settings.pop("known", False), settings.pop("credit", False)
        steps = settings.pop("steps", "ship")
        shelf = Shelf(
            Shop(),
            Checkout(verification_seconds=3600, **settings),
            Shipping(),
            payment,
            StockRules(),
            Notifications(),
            PRODUCTS,
            fulfilment=Fulfilment(steps=steps, ready_mail=True),
        )
        email = f"guest{next(self._ids)}@example.com"
        asked = OrderRequest(
            lines=lines,
            method=method,
            delivery="ship",
            locale="es",
            accept_privacy=True,
            contact={} if known else {"email": email, "name": "Eva"},
            shipping=ADDRESS,
            funds=self._funds() if known and credit else None,
        )
        request = Request("place", f"key{next(self._ids)}", "print")
        customer = KNOWN if known else None
        return place_order(asked, shelf, customer, request, self.origin("customer"), self._counter)

    def _funds(self) -> Funds:
        account = Account(CREDIT, KNOWN.customer_id, "MXN")
        return Funds(credit=self.wallets.read(account), currency="MXN")

    def give(self, amount: int) -> None:
        """Staff put money into the known customer's credit."""
        name = f"{CREDIT}:{KNOWN.customer_id}"
        self.given[name] = self.given.get(name, 0) + amount
        self.wallets.balances[name] = self.wallets.balances.get(name, 0) + amount

    def draft(self, lines: tuple[tuple[str, int], ...], method: Method, *, known: bool, credit: int) -> Order:
        """Staff begin a draft that lacks nothing."""
        email = KNOWN.email if known else f"phone{next(self._ids)}@example.com"
        sums = {sku: sum(n for name, n in lines if name == sku) for sku, _ in lines}
        wishes = Wishes(
            lines=tuple(DraftLine(sku, n) for sku, n in sums.items()),
            method=method,
            delivery="ship",
            credit=credit,
            texts={"contact": {"email": email, "name": "Eva"}, "shipping": ADDRESS},
        )
        origin = self.origin()
        return self.desk.begin(starting(wishes, origin, self.drafts), origin)

    def accept(self, order_id: str) -> None:
        """The customer accepts the newest quotation by its link."""
        draft = self.order(order_id).draft
        token = self.links.keys().link("quote", order_id, str(draft.serial if draft else 0))
        origin = self.origin("customer")
        once = Once(FakeKeys(), None, self.at)  # type: ignore[arg-type]
        accept_quotation(token, "", desk=self.desk, at=self.at_the_phone, origin=origin, once=once)

    def receive(self, sku: str, units: int) -> None:
        """Units come in and are given to those who wait."""
        self.received[sku] = self.received.get(sku, 0) + units
        tx = FakeTransaction()
        self.book.write_moves(tx, [Move(sku, "main", on_hand=units)])
        tx.commit()
        Arrivals(self.desk, self.book, lambda: self.clock).serve()

    def run(self, order_id: str, decide: Callable[[Loaded], Decision], actor: str = "staff:1") -> Done:
        return self.desk.run(order_id, decide, self.origin(actor))

    def webhook(self, ref: str) -> Done:
        """The provider tells of a payment; its record is read and recorded."""

        def decide(loaded: Loaded) -> Decision:
            record = self.provider.payments[ref]
            return recording(loaded.order, record, self.at)

        return self.run(self.provider.payments[ref].order_id, decide, "provider:stripe")

    def settle(self, order_id: str, *, dies: bool = False) -> None:
        """Carry out the voids and refunds that the order wants, and record what came of them. A worker that
        `dies` has called the provider and told nobody."""
        kept = self.orders.partitions[order_id]
        for name, effect in sorted(kept.effects.items()):
            if effect.state != "wanted" or not effect.kind.startswith("payment."):
                continue
            if effect.kind == BEGIN:
                self._begin(order_id, name)
                continue
            ref = str(effect.data["ref"])
            if effect.kind == "payment.void" and self.order(order_id).ending is not None:
                self.provider.move(ref, "void")
            elif effect.kind == CAPTURE and self.order(order_id).ending is None:
                self.provider.capture(ref, int(effect.data["amount"]))
            elif effect.kind == "payment.refund":
                self.provider.refund(str(effect.data["charge"]), int(effect.data["amount"]), name)
            if dies:
                continue
            kept.effects[name] = replace(effect, state="done")
            if ref in self.provider.payments:
                self.webhook(ref)

    def _begin(self, order_id: str, name: str) -> None:
        """Begin a payment that an order wants, if it still does."""
        loaded = self.desk.load(order_id)
        kept = self.orders.partitions[order_id]
        effect = kept.effects[name]
        ref = f"pi_{order_id}_{name}"
        kept.effects[name] = replace(effect, state="done", result={"ref": ref})
        if start_wanted(loaded, name):
            self.provider.begin(loaded.order, ref, int(effect.data["amount"]))
            self.webhook(ref)
