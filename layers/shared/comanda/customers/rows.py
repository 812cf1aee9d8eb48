"""How customers are kept: their rows and keys, written and read."""

from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from comanda.customers.model import Address, Customer, email_key
from comanda.dynamo.row import Row

NUMBERS = ("token_version", "version", "net_days", "credit_limit")


class ProfileRow(Row):
    """`CUSTOMER#<id>` / `PROFILE`"""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    customer_id = UnicodeAttribute()
    email = UnicodeAttribute()
    name = UnicodeAttribute(default="")
    phone = UnicodeAttribute(default="")
    company = UnicodeAttribute(default="")
    tax_id = UnicodeAttribute(default="")
    locale = UnicodeAttribute(default="es")
    address = JSONAttribute()
    created_at = UnicodeAttribute(default="")
    verified_at = UnicodeAttribute(default="")
    token_version = NumberAttribute(default=1)
    bounced = UnicodeAttribute(default="")
    bounced_at = UnicodeAttribute(default="")
    complained_at = UnicodeAttribute(default="")
    group = UnicodeAttribute(default="")
    tags = JSONAttribute(default=list)
    note = UnicodeAttribute(default="")
    default_address = UnicodeAttribute(default="")
    other_emails = JSONAttribute(default=list)
    merged_into = UnicodeAttribute(default="")
    net_days = NumberAttribute(null=True)
    credit_limit = NumberAttribute(null=True)
    version = NumberAttribute(default=0)
    schema = NumberAttribute(default=1)


class EmailRow(Row):
    """`EMAIL#<hash>`, or `PHONE#<hash>` of whoever has no e-mail address / `LOOKUP`"""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    customer_id = UnicodeAttribute()


class AddressRow(Row):
    """`CUSTOMER#<id>` / `ADDRESS#<address id>`"""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    place = JSONAttribute()
    source = UnicodeAttribute()
    added_at = UnicodeAttribute()


def lookup_key(email: str) -> tuple[str, str]:
    return f"EMAIL#{email_key(email)}", "LOOKUP"


def address_of(item: dict[str, Any]) -> Address:
    row = AddressRow.from_raw_data(item)
    return Address(row.sk.removeprefix("ADDRESS#"), row.place, row.source, row.added_at)


def customer_of(row: ProfileRow) -> Customer:
    values = {name: getattr(row, name) for name in Customer.__slots__}
    return Customer(**values | {name: int(values[name]) for name in NUMBERS if values[name] is not None})


def row_of(customer: Customer) -> ProfileRow:
    values = {name: getattr(customer, name) for name in Customer.__slots__}
    return ProfileRow(f"CUSTOMER#{customer.customer_id}", "PROFILE", **values)
