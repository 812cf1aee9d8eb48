"""Customers: the list, one profile, its changes, store credit, and merging."""

from collections.abc import Callable
from dataclasses import dataclass

from comanda.backoffice.customers.duplicates import Duplicates
from comanda.backoffice.customers.file import CustomerFile
from comanda.backoffice.customers.find import CustomerList
from comanda.backoffice.customers.merge_preview import Preview
from comanda.backoffice.customers.merging import Merging, Seen
from comanda.conversation.speech import N_
from comanda.customers.credit import Asked as Wanted
from comanda.customers.credit import Till
from comanda.errors import Invalid, Malformed
from comanda.screens.customers.screens import list_screen, merge_screen, profile_screen
from comanda.screens.house.amounts import minor_units
from comanda.screens.house.answers import Answer, Goto
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.house.routing import House
from comanda.settings.store import SettingsStore

PROFILE = ("name", "phone", "company", "tax_id", "group", "note")
LEAVE_MS = 6_000  # of the function's time, to answer in; the sweep goes on with a merge
LONGEST = 2_000  # characters of a field


@dataclass(frozen=True, slots=True)
class Registry:
    """Everything about customers that the screens ask; see wiring."""

    found: Callable[[], CustomerList]
    file: Callable[[], CustomerFile]
    till: Callable[[], Till]
    duplicates: Callable[[], Duplicates]
    preview: Callable[[], Preview]
    merging: Callable[[], Merging]
    settings: Callable[[], SettingsStore]

    @property
    def currency(self) -> str:
        return str(self.settings().section("shop")[0].currency)


def hang_customers(house: House, at: Registry) -> None:
    house.menu(30, N_("Customers"), "/customers", "customers.read", key="c")

    @house.get("/customers", "customers.read")
    def customers(asked: Asked) -> Answer:
        return list_screen(asked, at.found())

    @house.get("/customers/<customer_id>", "customers.read")
    def profile(asked: Asked, customer_id: str) -> Answer:
        return profile_screen(asked, customer_id, at.file(), at.duplicates(), at.settings())

    @house.post("/customers/<customer_id>/profile", "customers.write")
    def change(asked: Asked, customer_id: str) -> Answer:
        at.file().change(customer_id, _typed(asked), seen=asked.version)
        return Goto(address_of(customer_id), asked.tongue.say("The profile is changed."))

    @house.post("/customers/<customer_id>/credit", "credit.write")
    def credit(asked: Asked, customer_id: str) -> Answer:
        done = at.till().adjust(customer_id, _credit(asked, at.currency), asked.once(f"credit#{customer_id}"))
        amount = asked.tongue.money(done.result["amount"])
        return Goto(address_of(customer_id), asked.tongue.say("Store credit: %(amount)s.", amount=amount))

    hang_merging(house, at)


def hang_merging(house: House, at: Registry) -> None:
    @house.get("/customers/<customer_id>/merge/<into>", "customers.write")
    def preview(asked: Asked, customer_id: str, into: str) -> Answer:
        return merge_screen(asked, customer_id, into, at.preview())

    @house.post("/customers/<customer_id>/merge/<into>", "customers.write")
    def merge(asked: Asked, customer_id: str, into: str) -> Answer:
        seen, origin = Seen(asked.version, _version(asked.field("into_version"))), asked.origin
        request = asked.once(f"merge#{customer_id}#{into}")
        at.merging().merge(customer_id, into, seen, request, origin, asked.time_left(LEAVE_MS))
        told = asked.tongue.say("The two profiles are one now. What is left to move goes on by itself.")
        return Goto(address_of(into), told)


def address_of(customer_id: str) -> str:
    return f"{BASE}/customers/{customer_id}"


def _typed(asked: Asked) -> dict[str, object]:
    """The fields of the profile's form. Raises Invalid for one that is too long."""
    found: dict[str, object] = {}
    for name in PROFILE:
        text = asked.field(name)
        if len(text) > LONGEST:
            raise Invalid.at(f"/{name}", f"takes at most {LONGEST} characters")
        found[name] = text
    found["tags"] = [tag for part in asked.field("tags").split(",") if (tag := part.strip())][:50]
    return found


def _credit(asked: Asked, currency: str) -> Wanted:
    """What is given, or with the other button taken. Raises Invalid."""
    say, text, reason = asked.tongue.say, asked.field("amount"), asked.field("reason")
    if not reason or len(reason) > LONGEST:
        raise Invalid.at("/reason", say("say why, so that it can be understood later"))
    try:
        amount = minor_units(text, currency)
    except ValueError:
        raise Invalid.at("/amount", say("an amount, such as 1,250.50")) from None
    if not amount:
        raise Invalid.at("/amount", say("this changes nothing"))
    sign = -1 if asked.field("way") == "take" else 1
    return Wanted(sign * amount, currency, reason, asked.origin.actor, asked.origin.at)


def _version(text: str) -> int:
    if not text.isdecimal() or not text.isascii() or len(text) > 12:
        raise Malformed("the form does not say which version it was made from")
    return int(text)
