"""What the commands of an edit need of the outside, and what each asks of the open edit first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from comanda.customers.model import Customer
from comanda.errors import Invalid, NotFound, Stale, WrongState
from comanda.ids import NewId
from comanda.links.issue import Links
from comanda.orders.decision import Loaded
from comanda.orders.edits.change_set import Change, OpenEdit
from comanda.orders.edits.outcome import Outcome
from comanda.orders.edits.work_out import EditShelf, work_out
from comanda.orders.guards import check, edit_is_stale
from comanda.orders.guards.course import NO_EDIT
from comanda.orders.model import Order
from comanda.settings.sections import Checkout, Shop
from comanda.stock.places import Look

CHANGED = "the order has changed since this edit was worked out: make it anew"
OTHERWISE = "prices, settings or texts that this edit rests on have changed: make it anew"


class Reader(Protocol):
    """What an edit reads of the shop."""

    def shelf(self, skus: Iterable[str], customer_id: str) -> EditShelf: ...

    def seen(self, skus: Iterable[str]) -> Look: ...

    def checkout(self) -> Checkout: ...

    def shop(self) -> Shop: ...


class Register(Protocol):
    """Where customers are kept."""

    def living(self, customer_id: str) -> Customer | None: ...

    def by_email(self, email: str) -> Customer | None: ...

    def register(self, tx: Any, customer: Customer) -> None: ...


@dataclass(frozen=True, slots=True)
class EditDesk:
    reader: Reader
    customers: Register
    links: Links
    new_id: NewId


def open_edit(loaded: Loaded, edit_id: str, command: str) -> OpenEdit:
    """The open edit of this name, for a command on it. Raises NotFound, WrongState."""
    order = loaded.order
    number = edit_id.removeprefix("e")
    if not number.isdecimal() or not 1 <= int(number) <= order.edits or edit_id != f"e{int(number)}":
        raise NotFound(f"this order has no edit {edit_id!r}")
    edit = order.edit
    if edit is None or edit.edit_id != edit_id:
        raise WrongState(NO_EDIT.name, NO_EDIT.why)
    check(command, order)
    return edit


def added(changes: Iterable[Change]) -> list[str]:
    """The SKUs that an edit brings in."""
    return [change.sku for change in changes if change.kind == "add"]


def buyer_of(order: Order) -> str:
    """Whose prices count: the customer's, once the address is confirmed; else a guest's."""
    return order.customer_id if order.verified else ""


def worked_out_again(loaded: Loaded, edit: OpenEdit, reader: Reader) -> Outcome:
    """The outcome as it was shown. Raises Stale when anything that it rests on is different now."""
    if edit_is_stale(loaded.order):
        raise Stale(CHANGED)
    if any(name not in loaded.personal for name in edit.texts):
        raise Stale(OTHERWISE)
    shelf = reader.shelf(added(edit.changes), buyer_of(loaded.order))
    try:
        outcome = work_out(loaded.order, edit.edit_id, edit.changes, loaded.personal, shelf)
    except Invalid as invalid:
        raise Stale(OTHERWISE) from invalid
    if outcome.digest != edit.digest:
        raise Stale(OTHERWISE)
    return outcome
