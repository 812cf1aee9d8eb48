"""Addresses of the merchant's own that mails came back from: whoever reads them is not told of orders."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pynamodb.attributes import UnicodeAttribute

from comanda.canonical import canonical
from comanda.dynamo.jobs import JobsRow, recent
from comanda.orders.record import Record

RECENT = "BOUNCE"


class BounceRow(JobsRow):
    """`BOUNCE#<address>`; out of the index once somebody has seen to it."""

    class Meta:
        table_name = "unbound"

    body = UnicodeAttribute()
    kind_pk = UnicodeAttribute(null=True)
    kind_sk = UnicodeAttribute(null=True)


@dataclass(frozen=True, slots=True)
class Bounced(Record):
    """The last time that a mail came back from this address, and why, in SES's word."""

    address: str
    at: str
    why: str = ""


class OwnBounces:
    """`addresses` answers those that the shop is told at now."""

    def __init__(self, table: str, addresses: Callable[[], Iterable[str]]) -> None:
        self.table = table
        self.addresses = addresses
        BounceRow.bind(table)

    def note(self, address: str, at: str, why: str) -> bool:
        """Note it if the address is the merchant's; False for any other."""
        if address.casefold() not in [one.casefold() for one in self.addresses()]:
            return False
        row = BounceRow(_pk(address), "LAST", body=canonical(Bounced(address, at, why).to_dict()))
        row.kind_pk, row.kind_sk = RECENT, f"{at}#{address.casefold()}"
        BounceRow.write(row)
        return True

    def open(self, limit: int) -> list[Bounced]:
        """Those that nobody has seen to and that are used still, newest first."""
        used = {one.casefold() for one in self.addresses()}
        found = [Bounced.from_dict(body) for body in recent(self.table, RECENT, limit)[0]]
        return [one for one in found if one.address.casefold() in used]

    def seen(self, address: str) -> bool:
        """Somebody has seen to it; False when there was nothing."""
        row = BounceRow.read(_pk(address), "LAST")
        if row is None:
            return False
        BounceRow.write(BounceRow(row.pk, row.sk, body=row.body))
        return True


def _pk(address: str) -> str:
    return f"BOUNCE#{address.casefold()}"
