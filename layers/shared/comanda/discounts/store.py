"""Discount codes in the Settings table: one item per code, and counters of their uses."""

import json
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from comanda.discounts.model import SHARDS, DiscountCode, refusal
from comanda.dynamo.batch import get_many
from comanda.dynamo.row import Row
from comanda.dynamo.transaction import Transaction
from comanda.errors import Invalid, NotFound, Stale

MOST_CODES = 5_000

type Write = Callable[[Transaction], None]


class CodeRow(Row):
    """`CODE#<code>`"""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    body = UnicodeAttribute()
    version = NumberAttribute()
    schema = NumberAttribute(default=1)


class UsesRow(Row):
    """`COUNTER#code#<code>#<shard>` in all, `COUNTER#code#<code>#of#<customer id>` by one customer."""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    used = NumberAttribute(default=0)


class CodesRow(Row):
    """`REGISTRY#codes`: the codes there are, add-only."""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    members = UnicodeSetAttribute(null=True)


def code_key(code: str) -> str:
    return f"CODE#{code}"


class Use(Protocol):
    """One use of a code, as an order keeps it."""

    @property
    def code(self) -> str: ...

    @property
    def customer_id(self) -> str: ...

    @property
    def shard(self) -> int: ...


class CodeStore:
    def __init__(self, table: str) -> None:
        self.table = table
        for row in (CodeRow, UsesRow, CodesRow):
            row.bind(table)

    def load(self, code: str) -> DiscountCode:
        """Raises NotFound."""
        found = self.from_raw(get_many({self.table: [code_key(code)]})[self.table].get(code_key(code)))
        if found is None:
            raise NotFound("there is no such discount code")
        return found

    def from_raw(self, item: dict[str, Any] | None) -> DiscountCode | None:
        """A code from its raw item, read together with other items of the table."""
        if item is None:
            return None
        body = json.loads(item["body"]["S"])
        return DiscountCode(**body | {name: tuple(body[name]) for name in ("groups", "skus")})

    def names(self) -> list[str]:
        """Every code there is, sorted."""
        row = CodesRow.read("REGISTRY#codes")
        return sorted(row.members or ()) if row else []

    def many(self, names: Iterable[str]) -> list[DiscountCode]:
        keys = [code_key(name) for name in names]
        raw = get_many({self.table: keys})[self.table] if keys else {}
        found = (self.from_raw(raw.get(key)) for key in keys)
        return [code for code in found if code]

    def used(self, names: Iterable[str]) -> dict[str, list[int]]:
        """The uses of each code, counter by counter."""
        wanted = {name: [_total(name, shard) for shard in range(SHARDS + 1)] for name in names}
        raw = get_many({self.table: [key for keys in wanted.values() for key in keys]})[self.table]
        return {
            name: [int(raw[key]["used"]["N"]) if key in raw else 0 for key in keys]
            for name, keys in wanted.items()
        }

    def create(self, code: DiscountCode, *also: Write) -> None:
        """Write a new code, and what goes with it. Raises Invalid when there is one of that name, or there
        are too many."""
        if len(self.names()) >= MOST_CODES:
            raise Invalid.at("/code", f"a shop takes at most {MOST_CODES} codes")
        CodesRow.change(CodesRow("REGISTRY#codes"), [CodesRow.members.add({code.code})])
        tx = Transaction()
        exists = Invalid.at("/code", f"there is a code {code.code} already")
        tx.put(_row(code), CodeRow.pk.does_not_exist(), lambda item: exists)
        _with(tx, also)
        tx.commit()

    def replace(self, code: DiscountCode, *also: Write) -> None:
        """Write the next version of a code, and what goes with it. Raises Stale."""
        tx = Transaction()
        seen = code.version - 1
        stale = Stale(f"the code is not at version {seen} any more")
        tx.put(_row(code), CodeRow.version == seen, lambda item: stale)
        _with(tx, also)
        tx.commit()

    # -- uses, in an order's transaction ---------------------------------------------------------

    def take(self, tx: Transaction, use: Use, code: DiscountCode) -> None:
        """Count one use; refused with Invalid when there is none left, in all or for this customer."""
        most = None if code.max_uses is None else code.max_uses - code.elsewhere
        of_all = refusal("used-up", "has been used as often as it could be")
        tx.update(*_counting(_total(use.code, use.shard), 1, most), lambda item: of_all)
        each = code.max_uses_per_customer
        by_you = refusal("used-by-you", f"has been used by you {each} times, as often as it could be")
        tx.update(*_counting(_own(use), 1, each), lambda item: by_you)

    def count(self, tx: Transaction, use: Use, by: int) -> None:
        """Give a use back (-1), or take it again without asking (1)."""
        for key in (_total(use.code, use.shard), _own(use)):
            tx.update(*_counting(key, by, None))

    def hand_over(self, tx: Transaction, use: Use, to: str) -> None:
        """The use counts for another customer; in all it stays one use."""
        tx.update(*_counting(_own(use), -1, None))
        tx.update(*_counting(_key_of(use.code, to), 1, None))


def _with(tx: Transaction, also: Iterable[Write]) -> None:
    for write in also:
        write(tx)


def _total(code: str, shard: int) -> str:
    return f"COUNTER#code#{code}#{shard}"


def _own(use: Use) -> str:
    return _key_of(use.code, use.customer_id)


def _key_of(code: str, customer_id: str) -> str:
    return f"COUNTER#code#{code}#of#{customer_id}"


def _counting(key: str, by: int, most: int | None) -> tuple[UsesRow, list[Any], Any]:
    """A row, its change, and the condition that fewer than `most` were there."""
    free = None
    if most is not None:
        free = UsesRow.used < most
        free = free | UsesRow.used.does_not_exist() if most > 0 else free
    return UsesRow(key), [UsesRow.used.add(by)], free


def _row(code: DiscountCode) -> CodeRow:
    return CodeRow(code_key(code.code), body=json.dumps(code.to_dict()), version=code.version)
