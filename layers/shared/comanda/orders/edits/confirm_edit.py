"""Carry an edit out, as it was shown or not at all: goods, sums, stock and money in one transaction."""

from typing import Any

from comanda.customers.addresses.check import check_address
from comanda.orders.decision import NOTHING, Decision, Loaded, Sealed
from comanda.orders.desk import Decide
from comanda.orders.destinations import kept_address
from comanda.orders.edits.account import handing_over
from comanda.orders.edits.change_set import OpenEdit
from comanda.orders.edits.desk import EditDesk, open_edit, worked_out_again
from comanda.orders.edits.money import asking_anew, check_money, difference, standing
from comanda.orders.edits.outcome import Outcome
from comanda.orders.edits.preview import stock_after
from comanda.orders.facts import Happened, Origin
from comanda.orders.mails import mail
from comanda.orders.vocabulary import HoldReason

type Texts = dict[str, Sealed]


def confirming(edit_id: str, origin: Origin, desk: EditDesk, *, by: str, notify: bool = True) -> Decide:
    """Make the order what the preview said. `by`: staff | customer.

    `result` tells the difference, what is due, and what was paid too much: a refund stays a decision of
    staff. Raises NotFound, WrongState, Stale when it would come out differently, OutOfStock.
    """

    def decide(loaded: Loaded) -> Decision:
        edit = open_edit(loaded, edit_id, "confirm-edit")
        outcome = worked_out_again(loaded, edit, desk.reader)
        check_money(loaded.order, outcome)
        released, reserved = stock_after(loaded.order, outcome)
        changed = _changed(loaded, edit, outcome, origin.at, desk, by)
        told = Decision(effects=(mail("order_edited", edit_id),)) if notify else NOTHING
        money = asking_anew(loaded, outcome, origin.at)
        free = _doubts_ended(loaded, edit)
        return released + changed + reserved + money + told + free + _result(loaded, edit, outcome)

    return decide


def _doubts_ended(loaded: Loaded, edit: OpenEdit) -> Decision:
    """Holds for the sake of an address end when another takes its place that nothing speaks against."""
    place = next((loaded.personal[name] for name in edit.texts if name.endswith(":shipping")), None)
    holds = [one.hold_id for one in loaded.order.open_holds if one.reason == HoldReason.ADDRESS]
    if not holds or place is None or check_address(place).verdict != "ok":
        return NOTHING
    return Decision(facts=tuple(Happened("HoldReleased", {"hold_id": hold_id}) for hold_id in holds))


def _changed(loaded: Loaded, edit: OpenEdit, outcome: Outcome, at: str, desk: EditDesk, by: str) -> Decision:
    texts = _texts(loaded, edit, at, desk)
    data: dict[str, Any] = {"edit_id": edit.edit_id, "by": by, "outcome": outcome.to_dict()}
    data["personal"] = {name: text.digest for name, text in texts.items()}
    handed = NOTHING
    if edit.moves_customer:
        data["customer"], handed = handing_over(loaded, texts["contact"].value, at, desk)
    fact = Happened("EditConfirmed", data, "customer")
    return Decision(facts=(fact,), personal=texts, forgotten=edit.texts) + handed


def _texts(loaded: Loaded, edit: OpenEdit, at: str, desk: EditDesk) -> Texts:
    """The texts that waited, under the names they have from now on, and where parcels went before."""
    texts = {name.rpartition(":")[2]: loaded.personal[name] for name in edit.texts}
    former = kept_address(loaded.order, loaded.personal, at) if "shipping" in texts else {}
    return {name: Sealed(value, desk.new_id()) for name, value in (texts | former).items()}


def _result(loaded: Loaded, edit: OpenEdit, outcome: Outcome) -> Decision:
    order = loaded.order
    told = {"edit_id": edit.edit_id, "difference": difference(order, outcome), **standing(order, outcome)}
    return Decision(result=told)
