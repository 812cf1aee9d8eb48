"""Customers in DynamoDB: a profile, its address book, and a lookup item per e-mail address."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from comanda.customers.model import Address, Customer, address_id, email_key, phone_key
from comanda.customers.rows import (
    AddressRow,
    EmailRow,
    ProfileRow,
    address_of,
    customer_of,
    lookup_key,
    row_of,
)
from comanda.dynamo.batch import get_many
from comanda.dynamo.client import client
from comanda.dynamo.transaction import Transaction

MOST_ADDRESSES = 200  # of a book are shown


def phone_lookup_key(phone: str) -> tuple[str, str]:
    return f"PHONE#{phone_key(phone)}", "LOOKUP"


class CustomerStore:
    def __init__(self, table: str) -> None:
        self.table = table
        ProfileRow.bind(table)
        EmailRow.bind(table)
        AddressRow.bind(table)

    def load(self, customer_id: str) -> Customer | None:
        row = ProfileRow.read(f"CUSTOMER#{customer_id}", "PROFILE")
        return customer_of(row) if row else None

    def living(self, customer_id: str) -> Customer | None:
        """The customer, or whoever they were merged into."""
        found = self.load(customer_id)
        while found and found.merged_into:
            found = self.load(found.merged_into)
        return found

    def by_email(self, email: str) -> Customer | None:
        row = EmailRow.read(*lookup_key(email))
        return self.living(row.customer_id) if row else None

    def by_phone(self, phone: str) -> Customer | None:
        """Whoever was registered by this telephone number, without an e-mail address."""
        row = EmailRow.read(*phone_lookup_key(phone))
        return self.living(row.customer_id) if row else None

    def many(self, customer_ids: Sequence[str]) -> list[Customer]:
        """Those of the customers that are there, in this order."""
        keys = [(f"CUSTOMER#{customer_id}", "PROFILE") for customer_id in customer_ids]
        found = get_many({self.table: keys})[self.table]
        return [customer_of(ProfileRow.from_raw_data(found[pk])) for pk, _ in keys if pk in found]

    def id_from_raw(self, item: dict[str, Any] | None) -> str:
        """The customer id of a raw lookup item, or an empty string."""
        return str(item["customer_id"]["S"]) if item else ""

    def register(self, tx: Transaction, customer: Customer) -> None:
        """Write a new customer; whoever registered the address first wins (RevisionMoved)."""
        key = lookup_key(customer.email) if customer.email else phone_lookup_key(customer.phone)
        tx.put(EmailRow(*key, customer_id=customer.customer_id), EmailRow.pk.does_not_exist())
        tx.put(row_of(customer))

    def save(self, tx: Transaction, customer: Customer) -> None:
        """Replace a profile, as it was read, in somebody's transaction; whoever wrote first wins
        (RevisionMoved: read again and judge again)."""
        same = ProfileRow.version == customer.version if customer.version else _never_changed()
        tx.put(row_of(replace(customer, version=customer.version + 1)), same)

    def point(self, tx: Transaction, email: str, before: str, after: str) -> None:
        """Let an address lead to another customer, unless it leads to a third by now (RevisionMoved)."""
        row = EmailRow(*lookup_key(email), customer_id=after)
        tx.put(row, EmailRow.pk.does_not_exist() | (EmailRow.customer_id == before))

    def point_phone(self, tx: Transaction, phone: str, before: str, after: str) -> None:
        """The same for the telephone of whoever has no e-mail address."""
        row = EmailRow(*phone_lookup_key(phone), customer_id=after)
        tx.put(row, EmailRow.pk.does_not_exist() | (EmailRow.customer_id == before))

    def leads_to(self, email: str) -> str:
        """The id of the customer under whom an address is looked up; empty for nobody."""
        row = EmailRow.read(*lookup_key(email))
        return str(row.customer_id) if row else ""

    # -- the address book ----------------------------------------------------------------------------

    def addresses(self, customer_id: str) -> list[Address]:
        """The address book, oldest first, as far as anybody looks."""
        found = client().query(
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :address)",
            ExpressionAttributeValues={
                ":pk": {"S": f"CUSTOMER#{customer_id}"},
                ":address": {"S": "ADDRESS#"},
            },
            ConsistentRead=True,
            Limit=MOST_ADDRESSES,
        )
        return sorted(map(address_of, found["Items"]), key=lambda known: (known.added_at, known.address_id))

    def learn(self, tx: Transaction, customer_id: str, place: dict[str, Any], at: str) -> None:
        """Keep where an order went; what staff made of a known address stays."""
        row = AddressRow(f"CUSTOMER#{customer_id}", f"ADDRESS#{address_id(place)}")
        first = ((AddressRow.place, place), (AddressRow.source, "order"), (AddressRow.added_at, at))
        tx.update(row, [attribute.set(attribute | value) for attribute, value in first])

    def move_address(self, tx: Transaction, address: Address, before: str, after: str) -> None:
        """Take an address into another book, where one of that id stays as it is."""
        row = AddressRow(f"CUSTOMER#{after}", f"ADDRESS#{address.address_id}")
        told = ((AddressRow.place, address.place), (AddressRow.source, address.source))
        kept = (*told, (AddressRow.added_at, address.added_at))
        tx.update(row, [attribute.set(attribute | value) for attribute, value in kept])
        self.remove_address(tx, before, address.address_id)

    def put_address(self, tx: Transaction, customer_id: str, address: Address) -> None:
        row = AddressRow(f"CUSTOMER#{customer_id}", f"ADDRESS#{address.address_id}")
        row.place, row.source, row.added_at = address.place, address.source, address.added_at
        tx.put(row)

    def remove_address(self, tx: Transaction, customer_id: str, known: str) -> None:
        tx.delete(AddressRow(f"CUSTOMER#{customer_id}", f"ADDRESS#{known}"))

    def record_delivery_trouble(
        self, email: str, *, bounced: str = "", complained: bool = False, at: str
    ) -> bool:
        """Note a bounce or a complaint on whoever has this address; False when nobody has."""
        customer = self.by_email(email)
        if customer is None:
            return False
        if email_key(customer.email) != email_key(email):
            return True  # mail goes to the main address; another one's fate says nothing of it
        changes = [ProfileRow.bounced.set(bounced), ProfileRow.bounced_at.set(at)] if bounced else []
        if complained:
            changes.append(ProfileRow.complained_at.set(at))
        row = ProfileRow(f"CUSTOMER#{customer.customer_id}", "PROFILE")
        ProfileRow.change(row, [*changes, ProfileRow.version.add(1)], ProfileRow.pk.exists())
        return True


def _never_changed() -> Any:
    """A profile from before writes were counted, or none at all."""
    return ProfileRow.version.does_not_exist() | (ProfileRow.version == 0)
