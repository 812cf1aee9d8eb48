"""Stores in memory; tests/functional/test_store_contract.py holds them and the real ones to one contract."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from comanda.canonical import canonical
from comanda.customers.wallet import Account, Movement, Wallet
from comanda.dynamo.transaction import AlreadyDone, RevisionMoved, decisive
from comanda.errors import LinkExpired, LinkUsed, NotFound, OutOfStock, WrongState
from comanda.ids import token_hash
from comanda.links.store import Link
from comanda.orders.course import Course
from comanda.orders.decision import Effect, Loaded, Outgoing, Wait
from comanda.orders.facts import Fact
from comanda.orders.holdings import waited_for
from comanda.orders.items import LEASE_SECONDS
from comanda.orders.model import Order, tracking_key
from comanda.stock.model import Level, Move
from comanda.stock.moves import summed
from comanda.stock.places import Look, Place
from comanda.times import later

type Check = Callable[[], Exception | None]


class FakeTransaction:
    """All or nothing: every condition is judged before anything is done."""

    def __init__(self) -> None:
        self.checks: list[Check] = []
        self.changes: list[Callable[[], None]] = []

    def add(self, change: Callable[[], None], check: Check = lambda: None) -> None:
        self.checks.append(check)
        self.changes.append(change)

    def commit(self) -> None:
        refusals = [refusal for refusal in (check() for check in self.checks) if refusal]
        if refusals:
            raise decisive(refusals)
        for change in self.changes:
            change()


class FakeStockBook:
    """Stock levels with the conditions of the real book."""

    def __init__(self, **units: int) -> None:
        self.table = {
            (sku, "main", 0): Level(sku, "main", on_hand=count, available=count)
            for sku, count in units.items()
        }
        self.waiting: set[tuple[str, str, str]] = set()
        self.promised: dict[str, str] = {}

    def level(self, sku: str) -> Level:
        return self.table[sku, "main", 0]

    def write_moves(self, tx: FakeTransaction, moves: Iterable[Move]) -> None:
        for move in summed(moves):
            if move.reserved or move.allocated or move.on_hand:
                tx.add(lambda move=move: self._do(move), lambda move=move: self._refusal(move))  # type: ignore[misc]

    def write_waiting(self, tx: FakeTransaction, order_id: str, since: str, begin: Any, end: Any) -> None:
        for sku in begin:
            tx.add(lambda sku=sku: self.waiting.add((sku, since, order_id)))  # type: ignore[misc]
        for sku in end:
            tx.add(lambda sku=sku: self.waiting.discard((sku, since, order_id)))  # type: ignore[misc]

    def queue(self, sku: str = "") -> Iterator[tuple[str, str]]:
        yield from [(name, order_id) for name, _, order_id in sorted(self.waiting) if sku in ("", name)]

    def shelf(self, sku: str, home: str) -> tuple[None, dict[tuple[str, int], Level]]:
        found = {(where, shard): one for (name, where, shard), one in self.table.items() if name == sku}
        return None, found

    def look(self, skus: Iterable[str], home: str) -> Look:
        places = {
            sku: tuple(
                Place(sku, location, shard, level.available)
                for (name, location, shard), level in sorted(self.table.items())
                if name == sku
            )
            for sku in skus
        }
        return Look(places, self.promised)

    def _do(self, move: Move) -> None:
        key = (move.sku, move.location, move.shard)
        level = self.table[key]
        self.table[key] = replace(
            level,
            on_hand=level.on_hand + move.on_hand,
            reserved=level.reserved + move.reserved,
            allocated=level.allocated + move.allocated,
            available=level.available + move.available,
        )

    def _refusal(self, move: Move) -> Exception | None:
        key = (move.sku, move.location, move.shard)
        level = self.table.get(key, Level(move.sku, move.location))
        columns = ("available", "reserved", "allocated", "on_hand")
        moved = move.seen is not None and move.seen != level.on_hand
        short = moved or any(
            getattr(level, c) + getattr(move, c) < 0 for c in columns if getattr(move, c) < 0
        )
        if not short and key in self.table:
            return None
        if move.again:
            return RevisionMoved("the stock moved in the meantime")
        line = {"sku": move.sku, "requested": -move.available, "available": max(level.available, 0)}
        return OutOfStock(f"{move.sku} is short", lines=[line])


@dataclass
class Partition:
    """One order's items, as text: what is written is read anew each time."""

    snapshot: str = ""
    commits: list[str] = field(default_factory=list)
    ledger: dict[str, str] = field(default_factory=dict)
    shipments: dict[str, str] = field(default_factory=dict)
    personal: dict[str, Any] = field(default_factory=dict)
    identities: set[str] = field(default_factory=set)
    effects: dict[str, Outgoing] = field(default_factory=dict)
    waits: dict[str, Wait] = field(default_factory=dict)


class FakeOrders:
    """The Orders table. `around` is told what is about to happen: tests crash or interleave there."""

    def __init__(self, stock: FakeStockBook, around: Callable[[str], None] = lambda name: None) -> None:
        self.stock = stock
        self.around = around
        self.partitions: dict[str, Partition] = {}

    def load(self, order_id: str) -> Loaded | None:
        self.around("load")
        kept = self.partitions.get(order_id)
        if kept is None or not kept.snapshot:
            return None
        ledger = [json.loads(kept.ledger[key]) for key in sorted(kept.ledger)]
        shipments = [json.loads(kept.shipments[key]) for key in sorted(kept.shipments)]
        order = Order.from_parts(json.loads(kept.snapshot), ledger, shipments)
        effects = tuple(kept.effects[name] for name in sorted(kept.effects))
        return Loaded(order, dict(kept.personal), effects, tuple(kept.waits[k] for k in sorted(kept.waits)))

    def facts(self, order_id: str) -> Iterator[Fact]:
        for commit in self.partitions[order_id].commits:
            yield from (Fact.from_dict(fact) for fact in json.loads(commit))

    def facts_until(self, order_id: str, revision: int) -> list[Fact]:
        commits = self.partitions[order_id].commits[:revision]
        return [Fact.from_dict(fact) for commit in commits for fact in json.loads(commit)]

    def withdraw(self, order_id: str, effect_id: str) -> Callable[[FakeTransaction], None]:
        """Stops a wanted effect, as the outbox does."""
        effects = self.partitions[order_id].effects
        told = WrongState("already-told", "somebody has begun")

        def write(tx: FakeTransaction) -> None:
            gone = replace(effects[effect_id], state="done", result={"skipped": "taken back"})
            tx.add(
                lambda: effects.__setitem__(effect_id, gone),
                lambda: None if effects[effect_id].state == "wanted" else told,
            )

        return write

    def by_tracking(self, tracking_number: str) -> list[str]:
        key = tracking_key(tracking_number)
        return sorted(
            order_id
            for order_id, kept in self.partitions.items()
            if any(
                tracking_key(json.loads(text)["tracking_number"]) == key for text in kept.shipments.values()
            )
        )

    def seen(self, order_id: str, identity: str) -> bool:
        return identity in self.partitions[order_id].identities

    def write(self, course: Course) -> Order:
        before, after, decision = course.before, course.after, course.decision
        kept = self.partitions.get(after.order_id) or Partition()
        tx = FakeTransaction()
        tx.add(lambda: self._put(kept, course), lambda: _moved(kept, before))
        for identity in decision.identities:
            tx.add(lambda i=identity: kept.identities.add(i), lambda i=identity: _done(kept, i))  # type: ignore[misc]
        self.stock.write_moves(tx, decision.moves)
        then, now = waited_for(before), waited_for(after)
        self.stock.write_waiting(tx, after.order_id, after.created_at, now - then, then - now)
        for write in decision.also:
            write(tx)
        self.around("before write")
        tx.commit()
        self.around("after write")
        return after

    def _put(self, kept: Partition, course: Course) -> None:
        after, decision = course.after, course.decision
        self.partitions[after.order_id] = kept
        kept.snapshot = canonical(after.snapshot())
        kept.commits.append(canonical([fact.to_dict() for fact in course.facts]))
        kept.ledger = {entry.entry_id: canonical(entry.to_dict()) for entry in after.ledger}
        kept.shipments = {parcel.shipment_id: canonical(parcel.to_dict()) for parcel in after.shipments}
        kept.personal |= {name: sealed.value for name, sealed in decision.personal.items()}
        for name in decision.forgotten:
            kept.personal.pop(name, None)
        for effect in decision.effects:
            kept.effects[effect.effect_id] = fresh(effect, course.origin.at, after.revision)


def fresh(effect: Effect, at: str, revision: int = 0) -> Outgoing:
    """An effect that was just written."""
    due = effect.claimed_until or later(at, LEASE_SECONDS)
    state = "claimed" if effect.claimed_until else "wanted"
    return Outgoing(
        effect.effect_id,
        effect.kind,
        state,
        effect.data,
        at,
        lease_until=effect.claimed_until,
        due_at=due,
        revision=revision,
    )


def _moved(kept: Partition, before: Order | None) -> Exception | None:
    revision = json.loads(kept.snapshot)["revision"] if kept.snapshot else None
    return None if revision == (before.revision if before else None) else RevisionMoved("moved")


def _done(kept: Partition, identity: str) -> Exception | None:
    return AlreadyDone("known") if identity in kept.identities else None


class FakeLinkStore:
    """Link rows; `use` refuses the second time as the real one does."""

    def __init__(self) -> None:
        self.links: dict[str, Link] = {}

    def add(self, tx: FakeTransaction, link: Link) -> None:
        tx.add(lambda: self.links.__setitem__(link.hash, link))

    def add_new(self, tx: FakeTransaction, link: Link) -> None:
        assert link.hash not in self.links
        self.add(tx, link)

    def find(self, token: str, purpose: str, now: str, *, unused: bool = True) -> Link:
        link = self.links.get(token_hash(token))
        if link is None or link.purpose != purpose:
            raise NotFound("no such link")
        if unused and link.used_at:
            raise LinkUsed("used")
        if link.expires_at <= now:
            raise LinkExpired("expired")
        return link

    def use(self, tx: FakeTransaction, link: Link, at: str) -> None:
        used = lambda: bool(self.links[link.hash].used_at)  # noqa: E731
        tx.add(
            lambda: self.links.__setitem__(link.hash, replace(link, used_at=at)),
            lambda: LinkUsed("used") if used() else None,
        )


class FakeNumbers:
    def __init__(self) -> None:
        self.last = 0

    def next_number(self) -> int:
        self.last += 1
        return self.last


class FakeCodes:
    """Uses of discount codes, counted without limits."""

    def __init__(self) -> None:
        self.uses: dict[str, int] = {}

    def take(self, tx: FakeTransaction, use: Any, code: Any) -> None:
        self.count(tx, use, 1)

    def count(self, tx: FakeTransaction, use: Any, by: int) -> None:
        tx.add(lambda: self.uses.__setitem__(use.code, self.uses.get(use.code, 0) + by))


class FakeKeys:
    """Idempotency keys: the second writer of a key finds it done."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}

    def remember(self, tx: FakeTransaction, request: Any, earlier: Any, at: str) -> None:
        tx.add(
            lambda: self.known.__setitem__(request.pk, earlier),
            lambda: AlreadyDone("known") if request.pk in self.known else None,
        )


class FakeWallets:
    """Balances by the name the ledger gives them; nothing may be spent that is not there."""

    def __init__(self, **balances: int) -> None:
        self.balances = dict(balances)
        self.moved: list[Movement] = []

    def read(self, account: Account) -> Wallet:
        return Wallet(account, self.balances.get(account.name, 0), there=account.name in self.balances)

    def moving(self, movement: Movement) -> Callable[[FakeTransaction], None]:
        name = movement.account.name

        def write(tx: FakeTransaction) -> None:
            def move() -> None:
                self.balances[name] = self.balances.get(name, 0) + movement.amount
                self.moved.append(movement)

            known = {one.identity for one in self.moved}
            short = self.balances.get(name, 0) + movement.amount < 0
            tx.add(
                move,
                lambda: (
                    AlreadyDone("known")
                    if movement.identity in known
                    else RevisionMoved("too little")
                    if short
                    else None
                ),
            )

        return write


class FakeRegister:
    """Customers by e-mail; the address belongs to whoever came first."""

    def __init__(self) -> None:
        self.customers: dict[str, Any] = {}
        self.places: list[tuple[str, dict[str, Any]]] = []

    def living(self, customer_id: str) -> Any:
        return next((one for one in self.customers.values() if one.customer_id == customer_id), None)

    def by_email(self, email: str) -> Any:
        return self.customers.get(email)

    def learn(self, tx: FakeTransaction, customer_id: str, place: dict[str, Any], at: str) -> None:
        tx.add(lambda: self.places.append((customer_id, place)), lambda: None)

    def save(self, tx: FakeTransaction, customer: Any) -> None:
        tx.add(lambda: self.customers.__setitem__(customer.email, customer))

    def register(self, tx: FakeTransaction, customer: Any) -> None:
        tx.add(
            lambda: self.customers.__setitem__(customer.email, customer),
            lambda: RevisionMoved("registered") if customer.email in self.customers else None,
        )
