"""Who else may be the same person as a customer: by telephone, tax id, e-mail, or name and place."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from comanda.backoffice.customers.answer import customer_row
from comanda.customers.model import Customer
from comanda.customers.store import CustomerStore
from comanda.errors import NotFound
from comanda.search.customer_words import email_base
from comanda.search.store import SearchStore
from comanda.search.words import WHOLE_PHONE, plain_text

MOST_FOUND = 100  # candidates looked at for each likeness
NATIONAL = 10  # digits of a telephone without its country
ANYBODYS = frozenset({"XAXX010101000", "XEXX010101000"})  # Mexican tax ids for who gives none (SAT, CFDI 4.0)


@dataclass(frozen=True, slots=True)
class Duplicates:
    tokens: SearchStore
    customers: CustomerStore

    def of(self, customer_id: str) -> dict[str, Any]:
        """`{items: [{customer, reasons}]}`, most alike first. Raises NotFound."""
        customer = self.customers.load(customer_id)
        if customer is None:
            raise NotFound("no such customer")
        known = {one.customer_id: one for one in self.customers.many(sorted(self._candidates(customer)))}
        known.pop(customer_id, None)
        others = [one for one in known.values() if not one.merged_into]
        found = [(one, reasons) for one in others if (reasons := self._alike(customer, one))]
        found.sort(key=lambda pair: (-len(pair[1]), pair[0].customer_id))
        items = [{"customer": customer_row(one), "reasons": reasons} for one, reasons in found]
        return {"items": [] if customer.merged_into else items}

    def _candidates(self, customer: Customer) -> set[str]:
        """Whoever has the telephone, the tax id, the longest word of the name or the e-mail's base."""
        words = {phone_of(customer)[::-1], _tax_id(customer).casefold(), *map(email_base, customer.emails)}
        words.add(max(name_of(customer), key=len, default=""))
        found: set[str] = set()
        for word in filter(None, words):
            positions, _ = self.tokens.beginning_with(word, MOST_FOUND)
            found |= {position.partition("#")[2] for position in positions}
        return found

    def _alike(self, one: Customer, other: Customer) -> list[str]:
        reasons = []
        if phone_of(one) and phone_of(one) == phone_of(other):
            reasons.append("phone")
        if _tax_id(one) and _tax_id(one) == _tax_id(other):
            reasons.append("tax_id")
        if set(map(email_base, one.emails)) & set(map(email_base, other.emails)):
            reasons.append("email")
        if name_of(one) and name_of(one) == name_of(other) and self._codes(one) & self._codes(other):
            reasons.append("name_and_postal_code")
        return reasons

    def _codes(self, customer: Customer) -> set[str]:
        """The postal codes of every address there is, with their countries."""
        book = [known.place for known in self.customers.addresses(customer.customer_id)]
        return set(_postal_codes([customer.address, *book]))


def phone_of(customer: Customer) -> str:
    """The last digits of the telephone, as many as tell it apart; empty for none that could be dialled."""
    digits = re.sub(r"\D", "", customer.phone)
    return digits[-NATIONAL:] if len(digits) >= WHOLE_PHONE else ""


def name_of(customer: Customer) -> frozenset[str]:
    """The words of a name of two at least, in whatever order."""
    words = frozenset(filter(None, map(plain_text, customer.name.split())))
    return words if len(words) > 1 else frozenset()


def _tax_id(customer: Customer) -> str:
    written = re.sub(r"[^A-Z0-9Ñ&]", "", customer.tax_id.upper())
    return "" if written in ANYBODYS else written


def _postal_codes(places: Iterable[dict[str, Any]]) -> Iterable[str]:
    for place in places:
        code = re.sub(r"\W", "", str(place.get("postal_code") or "")).upper()
        if code:
            yield f"{str(place.get('country') or '').upper()} {code}"
