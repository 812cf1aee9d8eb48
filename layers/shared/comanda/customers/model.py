"""A customer. All of it is personal data: it lives in the Customers table only, never in facts or logs."""

from dataclasses import dataclass, field, replace
from typing import Any

from comanda.canonical import canonical, sha256


@dataclass(frozen=True, slots=True)
class Customer:
    """`verified_at` is empty until the address was confirmed; `bounced` names the last bounce, if any.

    `group` is a code of the settings (section `customers`), empty for none. `address` is the default of
    the address book; `default_address` is its id there when staff chose it. `other_emails` came with
    customers that were merged into this one: `{email, verified_at}`. `net_days` and `credit_limit` (minor
    units) are terms of their own; None: the group's. `version` counts the writes.
    """

    customer_id: str
    email: str
    name: str
    phone: str = ""
    company: str = ""
    tax_id: str = ""
    locale: str = "es"
    address: dict[str, Any] = field(default_factory=dict)
    created_at: str = ""
    verified_at: str = ""
    token_version: int = 1
    bounced: str = ""
    bounced_at: str = ""
    complained_at: str = ""
    group: str = ""
    tags: list[str] = field(default_factory=list)
    note: str = ""
    default_address: str = ""
    other_emails: list[dict[str, str]] = field(default_factory=list)
    merged_into: str = ""
    net_days: int | None = None
    credit_limit: int | None = None
    version: int = 0

    @property
    def verified(self) -> bool:
        return bool(self.verified_at)

    @property
    def emails(self) -> list[str]:
        """Every address that mail from this customer may come from, the main one first."""
        return [email for email in (self.email, *(other["email"] for other in self.other_emails)) if email]

    def has(self, email: str) -> bool:
        """Whether it is one of their addresses, in any spelling of its case."""
        return email_key(email) in map(email_key, self.emails)

    def confirmed(self, email: str) -> bool:
        """Whether it is one of their addresses, and has been confirmed."""
        main = self.verified and email_key(email) == email_key(self.email)
        others = (one["email"] for one in self.other_emails if one["verified_at"])
        return main or email_key(email) in map(email_key, others)

    def contact(self) -> dict[str, str]:
        """The contact as an order keeps it."""
        return {
            "email": self.email,
            "name": self.name,
            "phone": self.phone,
            "company": self.company,
            "tax_id": self.tax_id,
        }


@dataclass(frozen=True, slots=True)
class Address:
    """A place of the address book; `source` says who put it there: order | staff."""

    address_id: str
    place: dict[str, Any]
    source: str
    added_at: str


def address_id(place: dict[str, Any]) -> str:
    """The id under which an order's address goes into the book: the same for the same place."""
    parts = [" ".join(str(value).casefold().split()) for _, value in sorted(place.items()) if value]
    return sha256(canonical(parts))[:16]


def phone_key(phone: str) -> str:
    """Key under which whoever has no e-mail address is looked up by a telephone number in full."""
    return sha256(f"phone:{phone.strip()}")


def email_key(email: str) -> str:
    """Key under which an address is looked up: the same for any spelling of its case."""
    return sha256(email.strip().casefold())


def verified(customer: Customer, email: str, at: str) -> Customer:
    """The customer with a confirmed address; a bounce from before no longer counts.

    Another address of theirs stays beside the main one, unless that was never confirmed: then the two
    change places.
    """
    if email_key(email) == email_key(customer.email):
        return replace(customer, verified_at=customer.verified_at or at, bounced="", bounced_at="")
    rest = [one for one in customer.other_emails if email_key(one["email"]) != email_key(email)]
    if customer.verified:
        return replace(customer, other_emails=[*rest, {"email": email, "verified_at": at}])
    former = {"email": customer.email, "verified_at": ""}
    return replace(
        customer, email=email, other_emails=[former, *rest], verified_at=at, bounced="", bounced_at=""
    )
