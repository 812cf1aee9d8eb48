"""/admin/customers…: the customer database."""

from collections.abc import Callable
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
from comanda.orders.wire import AddressBody, Body, Named, Short
from comanda.runtime.http import answer, answers, if_match
from comanda.settings.sections import Locale

Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str, Query(max_length=400)]
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


def hang_customers(
    routes: StaffRoutes, customer_list: Callable[[], CustomerList], file: Callable[[], CustomerFile]
) -> None:
    def told(customer_id: str, status: int = 200) -> Response[dict[str, Any]]:
        shown = file().show(customer_id)
        return answer(shown, status, etag(shown["version"]))

    @routes.get("/admin/customers", "customers.read", "Customers, newest first, or those that fit `q`.")
    def customers(
        q: Annotated[str, Query(max_length=200)] = "", limit: Limit = 50, cursor: Cursor = ""
    ) -> Response[dict[str, Any]]:
        typed = next(iter(given(routes.event).get("q", [])), q)  # with its commas
        found = find_customers(typed, limit, cursor, customer_list())
        return answer(found, headers={"Cache-Control": "no-store"})

    @routes.get("/admin/customers/<customer_id>", "customers.read", "A customer with addresses and orders.")
    def get(customer_id: str) -> Response[dict[str, Any]]:
        return told(customer_id)

    @routes.get("/admin/customers/<customer_id>/orders", "customers.read", "Their orders, newest first.")
    def orders(customer_id: str, limit: Limit = 50, cursor: Cursor = "") -> Response[dict[str, Any]]:
        return answer(file().history(customer_id, limit, cursor), headers={"Cache-Control": "no-store"})

    @routes.patch("/admin/customers/<customer_id>", "customers.write", "Change fields of a profile.")
    def patch(customer_id: str, body: CustomerBody) -> Response[dict[str, Any]]:
        file().change(customer_id, body.changes(), seen=if_match(routes.event))
        return told(customer_id)

    @routes.post(
        "/admin/customers/<customer_id>/addresses",
        "customers.write",
        "Add a place to the address book.",
        answers(201, "The customer"),
    )
    def add(customer_id: str, body: NewAddressBody) -> Response[dict[str, Any]]:
        place, at = body.address.model_dump(exclude_none=True), routes.origin.at
        file().add_address(customer_id, place, default=body.default, seen=if_match(routes.event), at=at)
        return told(customer_id, 201)

    @routes.patch(
        "/admin/customers/<customer_id>/addresses/<address_id>",
        "customers.write",
        "Correct a place, or make it the default.",
    )
    def correct(customer_id: str, address_id: str, body: ChangedAddressBody) -> Response[dict[str, Any]]:
        place = body.address.model_dump(exclude_none=True) if body.address else {}
        seen = if_match(routes.event)
        file().change_address(customer_id, address_id, place, default=body.default, seen=seen)
        return told(customer_id)

    @routes.delete(
        "/admin/customers/<customer_id>/addresses/<address_id>",
        "customers.write",
        "Take a place out of the address book.",
    )
    def remove(customer_id: str, address_id: str) -> Response[dict[str, Any]]:
        file().remove_address(customer_id, address_id, seen=if_match(routes.event))
        return told(customer_id)
