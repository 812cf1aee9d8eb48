"""Orders: where they are kept, written, drafted, edited and purged."""

from functools import cache
from typing import TYPE_CHECKING

from comanda import wiring
from comanda.environment import variable

if TYPE_CHECKING:
    from comanda.orders.desk import Desk
    from comanda.orders.drafts.place import Counter as DraftCounter
    from comanda.orders.drafts.write import DraftDesk
    from comanda.orders.edits.desk import EditDesk
    from comanda.orders.outbox import Outbox
    from comanda.orders.own_changes import OwnChanges
    from comanda.orders.purge import Invoices, Purging
    from comanda.orders.store import OrderStore
    from comanda.periods.lock import PeriodLock


@cache
def orders() -> "OrderStore":
    from comanda.orders.store import OrderStore

    return OrderStore(
        variable("ORDERS_TABLE"),
        stock=wiring.stock(),
        signatures=wiring.settings(),
        notes=wiring.own_changes(),
        periods=wiring.period_lock(),
    )


@cache
def period_lock() -> "PeriodLock":
    from comanda.periods.lock import PeriodLock

    return PeriodLock(variable("JOBS_TABLE"))


@cache
def own_changes() -> "OwnChanges":
    from comanda.orders.own_changes import OwnChanges

    return OwnChanges(variable("DEDUPE_TABLE"), wiring.now)


@cache
def outbox() -> "Outbox":
    from comanda.orders.outbox import Outbox

    return Outbox(variable("ORDERS_TABLE"))


@cache
def desk() -> "Desk":
    from comanda.orders.consequences import Consequences
    from comanda.orders.desk import Desk

    return Desk(
        wiring.orders(),
        Consequences(wiring.links(), wiring.codes(), wiring.open_accounts(), wiring.wallets()),
        wiring.stock(),
    )


@cache
def edits() -> "EditDesk":
    """What changing a placed order takes."""
    from comanda.ids import new_id
    from comanda.orders.edits.desk import EditDesk
    from comanda.orders.edits.reader import EditReader

    return EditDesk(
        EditReader(wiring.settings(), wiring.stock(), wiring.prices(), wiring.customers()),
        wiring.customers(),
        wiring.links(),
        new_id,
    )


@cache
def drafts() -> "DraftDesk":
    from comanda.ids import new_id
    from comanda.orders.drafts.write import DraftDesk

    return DraftDesk(wiring.shelf_reader(), wiring.settings(), new_id)


@cache
def draft_counter() -> "DraftCounter":
    """Where drafts are placed."""
    from comanda.ids import new_id
    from comanda.orders.drafts.place import Counter as DraftCounter

    return DraftCounter(
        wiring.shelf_reader(),
        wiring.links(),
        wiring.customers(),
        new_id,
        wiring.codes(),
        lambda account: wiring.wallets().read(account),
    )


@cache
def purging() -> "Purging":
    from comanda.orders.purge import Purging
    from comanda.orders.tombstones import Tombstones

    return Purging(
        wiring.orders(),
        Tombstones(variable("ORDERS_TABLE")),
        lambda: wiring.invoices(),
        wiring.keys_seen(),
        wiring.own_changes(),
    )


@cache
def invoices() -> "Invoices":
    """Nothing here issues invoices yet; whoever does answers instead."""
    from comanda.orders.purge import NoInvoices

    return NoInvoices()
