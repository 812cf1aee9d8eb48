"""A customer as staff see them."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from comanda.customers.model import Address, Customer, address_id
from comanda.orders.derive import label
from comanda.orders.model import Order
from comanda.orders.wire import money


def customer_row(customer: Customer) -> dict[str, Any]:
    """One item of `GET /admin/customers`."""
    return {
        "customer_id": customer.customer_id,
        "version": customer.version,
        "email": customer.email or None,
        "name": customer.name or None,
        "phone": customer.phone or None,
        "company": customer.company or None,
        "tax_id": customer.tax_id or None,
        "verified": customer.verified,
        "group": customer.group or None,
        "tags": customer.tags,
        "created_at": customer.created_at or None,
    }


def customer_answer(customer: Customer, book: Sequence[Address]) -> dict[str, Any]:
    """The profile, without orders."""
    return customer_row(customer) | {
        "merged_into": customer.merged_into or None,
        "locale": customer.locale,
        "verified_at": customer.verified_at or None,
        "note": customer.note or None,
        "emails": [
            *(
                [{"email": customer.email, "verified": customer.verified, "main": True}]
                if customer.email
                else []
            ),
            *(
                {"email": o["email"], "verified": bool(o["verified_at"]), "main": False}
                for o in customer.other_emails
            ),
        ],
        "mail_trouble": {
            "bounced": customer.bounced or None,
            "bounced_at": customer.bounced_at or None,
            "complained_at": customer.complained_at or None,
        },
        "addresses": addresses_answer(customer, book),
    }


def addresses_answer(customer: Customer, book: Sequence[Address]) -> list[dict[str, Any]]:
    """The address book, the default first. The default is there even if no item of the book holds it."""
    chosen = default_id(customer)
    found = [_address(known.address_id, known.place, known.source, known.added_at) for known in book]
    if customer.address and chosen not in {known.address_id for known in book}:
        found.append(_address(chosen, customer.address, "order", customer.verified_at))
    for address in found:
        address["default"] = address["address_id"] == chosen
    return sorted(found, key=lambda address: not address["default"])


def default_id(customer: Customer) -> str:
    """Which address of the book is the default; empty when there is none."""
    return customer.default_address or (address_id(customer.address) if customer.address else "")


def _address(known: str, place: dict[str, Any], source: str, added_at: str) -> dict[str, Any]:
    return {"address_id": known, "address": place, "source": source, "added_at": added_at or None}


def order_row(order: Order) -> dict[str, Any]:
    """One order of a customer's history."""
    return {
        "order_id": order.order_id,
        "number": order.number,
        "created_at": order.created_at,
        "label": label(order),
        "lifecycle": order.lifecycle,
        "payment": order.payment,
        "fulfilment": order.fulfilment,
        "returns": order.returns,
        "method": order.method,
        "channel": order.channel,
        "articles": sum(line.quantity for line in order.lines),
        "total": money(order.totals.total, order.currency),
    }


def totals_answer(orders: Sequence[Order], *, complete: bool) -> dict[str, Any]:
    """How many orders there are and what they come to, by payment and by lifecycle.

    `complete` is false where the history is longer than what was added up.
    """
    counts: Counter[tuple[str, str]] = Counter()
    sums: Counter[tuple[str, str]] = Counter()
    for order in orders:
        counts[order.payment, order.currency] += 1
        sums[order.payment, order.currency] += order.totals.total
    paid = [
        {"payment": payment, "orders": number, "total": money(sums[payment, currency], currency)}
        for (payment, currency), number in sorted(counts.items())
    ]
    lifecycles = Counter(order.lifecycle for order in orders)
    return {
        "orders": len(orders),
        "complete": complete,
        "by_payment": paid,
        "by_lifecycle": [{"lifecycle": one, "orders": number} for one, number in sorted(lifecycles.items())],
    }
