"""Judge what staff ask an edit to do: amounts, contacts and addresses, before anything is worked out."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from comanda.customers.judge import Judged, judge_address, judge_contact
from comanda.errors import Invalid
from comanda.orders.decision import Sealed
from comanda.orders.edits.change_set import Change
from comanda.orders.edits.desk import EditDesk


@dataclass(frozen=True, slots=True)
class Asked:
    """One action as it came in. `personal` holds what is to become the text shipping, billing or contact;
    `customer_id` names an account whose contact it is."""

    change: Change
    personal: dict[str, dict[str, Any]] = field(default_factory=dict)
    customer_id: str = ""
    currency: str = ""  # of the amount that came with it


@dataclass(slots=True)
class Cleaned:
    """The actions as they will be kept, the personal texts that wait with them, and odd things."""

    changes: tuple[Change, ...]
    texts: dict[str, Any]
    warnings: list[str]

    def sealed(self, desk: EditDesk) -> dict[str, Sealed]:
        return {name: Sealed(value, desk.new_id()) for name, value in self.texts.items()}


def cleaned(asked: Sequence[Asked], edit_id: str, currency: str, desk: EditDesk) -> Cleaned:
    """Raises Invalid with everything that is wrong with amounts, contacts and addresses."""
    errors: list[dict[str, str]] = []
    found = Cleaned((), {}, [])
    changes = []
    for index, one in enumerate(asked):
        at, change = f"/actions/{index}", one.change
        if one.currency and one.currency != currency:
            errors.append({"pointer": at, "detail": f"this order is in {currency}"})
        for slot, given in one.personal.items():
            judged = _judged(slot, given, one.customer_id, at, desk)
            errors += judged.errors
            found.warnings += judged.warnings
            name = f"edit:{edit_id}:{slot}"
            change = replace(change, texts=(*change.texts, name))
            found.texts[name] = judged.value
        changes.append(change)
    if errors:
        raise Invalid("some actions are not valid", errors=errors)
    found.changes = tuple(changes)
    return found


def _judged(slot: str, given: dict[str, Any], customer_id: str, at: str, desk: EditDesk) -> Judged:
    if slot != "contact":
        return judge_address(given, f"{at}/{slot}_address")
    if customer_id:
        account = desk.customers.living(customer_id)
        if account is None:
            return Judged({}, [{"pointer": f"{at}/customer_id", "detail": "there is no such customer"}])
        given = account.contact() | given
    judged = judge_contact(given, desk.reader.shop().country)
    judged.errors = [error | {"pointer": at + error["pointer"]} for error in judged.errors]
    return judged
