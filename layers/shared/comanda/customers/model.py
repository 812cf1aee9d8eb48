"""A customer. All of it is personal data: it lives in the Customers table only, never in facts or logs."""

from dataclasses import dataclass, field
from typing import Any

from comanda.canonical import sha256


@dataclass(frozen=True, slots=True)
class Customer:
    """`verified_at` is empty until the address was confirmed; `bounced` names the last bounce, if any.

    `group` is a code of the settings (section `customers`), empty for none. `version` counts the writes.
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
    version: int = 0

    @property
    def verified(self) -> bool:
        return bool(self.verified_at)

    def contact(self) -> dict[str, str]:
        """The contact as an order keeps it."""
        return {
            "email": self.email,
            "name": self.name,
            "phone": self.phone,
            "company": self.company,
            "tax_id": self.tax_id,
        }


def email_key(email: str) -> str:
    """Key under which an address is looked up: the same for any spelling of its case."""
    return sha256(email.strip().casefold())
