"""/admin/customers…: the customer database."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field, StringConstraints

from comanda.backoffice.bodies import Note
from comanda.backoffice.customers.file import CustomerFile
from comanda.backoffice.customers.find import CustomerList, find_customers
from comanda.backoffice.listing.query import given
from comanda.backoffice.office import etag
from comanda.backoffice.routes import StaffRoutes
from comanda.idempotency.once import Once
from comanda.orders.wire import AddressBody, Body, Named, Short
from comanda.runtime.http import answer, answers, if_match, replayed
from comanda.settings.sections import Locale

Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str, Query(max_length=400)]
Answer = Response[dict[str, Any]]

TERMS = ("net_days", "credit_limit")
Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class CustomerBody(Body):
    """`PATCH /admin/customers/{id}`: only what is sent changes. `group` is a code of the settings; an
    empty one takes the customer out. `net_days` (0: pays first) and `credit_limit` (minor units) are
    terms of their own; null gives the group's back."""

    name: Named | None = None
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] | None = None
    company: Short | None = None
    tax_id: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] | None = None
    locale: Locale | None = None
    group: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] | None = None
    tags: Annotated[list[Tag], Field(max_length=50)] | None = None
    note: Note | None = None
    net_days: Annotated[int, Field(ge=0, le=365, strict=True)] | None = None
    credit_limit: Annotated[int, Field(ge=0, le=10**12, strict=True)] | None = None

    def changes(self) -> dict[str, Any]:
        sent = self.model_dump(exclude_none=True)
        sent |= {name: getattr(self, name) for name in TERMS if name in self.model_fields_set}
        return sent | ({"tags": list(dict.fromkeys(sent["tags"]))} if "tags" in sent else {})


class NewAddressBody(Body):
    address: AddressBody
    default: bool = False


class ChangedAddressBody(Body):
    address: AddressBody | None = None
    default: bool | None = None


type OnceFor = Callable[[dict[str, Any], str, dict[str, Any]], Once]


class Profiles:
    """Changes of a customer's file for the routes: version seen, key, what is there afterwards."""

    def __init__(self, routes: StaffRoutes, file: Callable[[], CustomerFile], once: OnceFor) -> None:
        self.routes = routes
        self.file = file
        self.once = once

    def told(self, customer_id: str, status: int = 200, *, before: bool = False) -> Answer:
        shown = self.file().show(customer_id)
        return answer(shown, status, etag(shown["version"]) | replayed(before))

    def changed(self, what: str, body: Body | None, change: Callable[..., object]) -> bool:
        """Make it once under the caller's key, if there is one; whether it was made before."""
        asked = body.model_dump(mode="json", exclude_unset=True) if body else {}
        once = self.once(self.routes.event, f"{self.routes.origin.actor}#{what}", asked)
        return once.carried_out(partial(change, seen=if_match(self.routes.event)))


def hang_customers(
    routes: StaffRoutes,
    customer_list: Callable[[], CustomerList],
    file: Callable[[], CustomerFile],
    once: OnceFor,
) -> None:
    profiles = Profiles(routes, file, once)

    @routes.get("/admin/customers", "customers.read", "Customers, newest first, or those that fit `q`.")
    def customers(
        q: Annotated[str, Query(max_length=200)] = "", limit: Limit = 50, cursor: Cursor = ""
    ) -> Answer:
        typed = next(iter(given(routes.event).get("q", [])), q)  # with its commas
        found = find_customers(typed, limit, cursor, customer_list())
        return answer(found, headers={"Cache-Control": "no-store"})

    @routes.get("/admin/customers/<customer_id>", "customers.read", "A customer with addresses and orders.")
    def get(customer_id: str) -> Answer:
        return profiles.told(customer_id)

    @routes.get("/admin/customers/<customer_id>/orders", "customers.read", "Their orders, newest first.")
    def orders(customer_id: str, limit: Limit = 50, cursor: Cursor = "") -> Answer:
        return answer(file().history(customer_id, limit, cursor), headers={"Cache-Control": "no-store"})

    @routes.patch("/admin/customers/<customer_id>", "customers.write", "Change fields of a profile.")
    def patch(customer_id: str, body: CustomerBody) -> Answer:
        change = partial(file().change, customer_id, body.changes())
        return profiles.told(customer_id, before=profiles.changed(f"customer#{customer_id}", body, change))

    hang_addresses(routes, profiles)


def hang_addresses(routes: StaffRoutes, profiles: Profiles) -> None:
    """The address book."""
    path, file = "/admin/customers/<customer_id>/addresses", profiles.file

    @routes.post(path, "customers.write", "Add a place to the address book.", answers(201, "The customer"))
    def add(customer_id: str, body: NewAddressBody) -> Answer:
        place, at = body.address.model_dump(exclude_none=True), routes.origin.at
        change = partial(file().add_address, customer_id, place, default=body.default, at=at)
        before = profiles.changed(f"addresses#{customer_id}", body, change)
        return profiles.told(customer_id, 201, before=before)

    @routes.patch(f"{path}/<address_id>", "customers.write", "Correct a place, or make it the default.")
    def correct(customer_id: str, address_id: str, body: ChangedAddressBody) -> Answer:
        place = body.address.model_dump(exclude_none=True) if body.address else {}
        change = partial(file().change_address, customer_id, address_id, place, default=body.default)
        before = profiles.changed(f"address#{customer_id}#{address_id}", body, change)
        return profiles.told(customer_id, before=before)

    @routes.delete(f"{path}/<address_id>", "customers.write", "Take a place out of the address book.")
    def remove(customer_id: str, address_id: str) -> Answer:
        change = partial(file().remove_address, customer_id, address_id)
        before = profiles.changed(f"no-address#{customer_id}#{address_id}", None, change)
        return profiles.told(customer_id, before=before)
