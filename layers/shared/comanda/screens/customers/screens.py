"""What the screens of customers show."""

from typing import Any

from comanda.backoffice.customers.duplicates import Duplicates
from comanda.backoffice.customers.file import CustomerFile
from comanda.backoffice.customers.find import CustomerList, find_customers
from comanda.backoffice.customers.merge_preview import Preview
from comanda.conversation.speech import N_
from comanda.screens.house.answers import Screen
from comanda.screens.house.asked import Asked
from comanda.settings.store import SettingsStore

PAGE = 50
ORDERS = 25
WRITTEN = ("line1", "line2", "postal_code", "city", "state", "country")
LIKENESS = {
    "phone": N_("same telephone"),
    "tax_id": N_("same tax id"),
    "email": N_("e-mail spelt another way"),
    "name_and_postal_code": N_("same name and postal code"),
}
FIELDS = {
    "email": N_("E-mail"),
    "name": N_("Name"),
    "phone": N_("Telephone"),
    "company": N_("Company"),
    "tax_id": N_("Tax id"),
    "group": N_("Group"),
    "tags": N_("Tags"),
    "note": N_("Note"),
    "net_days": N_("Days to pay"),
    "credit_limit": N_("Credit limit"),
    "address": N_("Default address"),
    "verified_at": N_("Verified"),
}


def list_screen(asked: Asked, at: CustomerList) -> Screen:
    """Customers, newest first, or those that fit what was typed. Raises Invalid."""
    typed, cursor = asked.word("q")[:200], asked.word("cursor")
    found = find_customers(typed, PAGE, cursor, at)
    return Screen(
        "customers/list.html.j2",
        {
            "rows": found["items"],
            "q": typed,
            "first": asked.address(cursor=None) if cursor else "",
            "next": asked.address(cursor=found["next"]) if found["next"] else "",
        },
    )


def profile_screen(
    asked: Asked, customer_id: str, file: CustomerFile, duplicates: Duplicates, settings: SettingsStore
) -> Screen:
    """One customer with orders, money and who else may be the same person. Raises NotFound."""
    found, cursor = file.show(customer_id), asked.word("orders")
    orders = file.history(customer_id, ORDERS, cursor) if cursor else found["orders"]
    for known in found["addresses"]:
        known["written"] = _text({part: known["address"].get(part) for part in WRITTEN})
    groups = settings.section("customers")[0].groups
    return Screen(
        "customers/profile.html.j2",
        {
            "customer": found,
            "orders": orders["items"],
            "older": asked.address(orders=orders["next"]) if orders["next"] else "",
            "newest": asked.address(orders=None) if cursor else "",
            "alike": duplicates.of(customer_id)["items"],
            "likeness": LIKENESS,
            "groups": [("", asked.tongue.say("none")), *((group.code, group.code) for group in groups)],
        },
    )


def merge_screen(asked: Asked, customer_id: str, into: str, preview: Preview) -> Screen:
    """What a merge would do, before it is done. Raises NotFound, Invalid, WrongState."""
    found = preview.show(customer_id, into)
    return Screen("customers/merge.html.j2", {"found": found, "changes": _changes(asked, found["profile"])})


def _changes(asked: Asked, profile: dict[str, dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Field, before and after, as people read them."""
    return [
        (asked.tongue.say(FIELDS.get(name, name)), _text(change["before"]), _text(change["after"]))
        for name, change in profile.items()
    ]


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(str(part) for part in value.values() if part)
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value) if value is not None else ""
