"""The words under which an order is found, and whether an order fits what was typed. Pure.

A word is looked up by its beginning: number, e-mail, names, references and SKUs as a whole and by
their parts, the telephone also by its last digits. A bundle is found by its components too.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from comanda.orders.model import Order

LONGEST = 60  # a token holds no more characters
LEAST_DIGITS = 3  # of a telephone's end
WHOLE_PHONE = 7
REFERENCES = ("purchase_order", "note:paid-", "note:cheque-")  # personal texts, by their beginning


@dataclass(frozen=True, slots=True)
class Words:
    """`plain` are found by their beginning, `phones` by their end; `marks` nobody can type."""

    plain: frozenset[str]
    phones: frozenset[str]
    marks: frozenset[str] = frozenset()

    @property
    def tokens(self) -> frozenset[str]:
        """What the index keeps; a telephone lies there backwards."""
        return self.plain | {phone[::-1] for phone in self.phones} | self.marks

    def fit(self, typed: str) -> bool:
        """Whether one typed word is found here."""
        if any(word.startswith(typed) for word in self.plain):
            return True
        return is_phone_end(typed) and any(phone.endswith(typed) for phone in self.phones)


NO_WORDS = Words(frozenset(), frozenset())


def words_of(order: Order, personal: Mapping[str, Any]) -> Words:
    """The words of an order with its personal texts, and the mark of its customer."""
    contact = personal.get("contact") or {}
    plain = {plain_text(order.number), *(digits.lstrip("0") for digits in re.findall(r"\d+", order.number))}
    for name, text in personal.items():
        if name.startswith(REFERENCES):
            plain |= whole_and_parts(str(text))
    plain |= {plain_text(line.sku) for line in order.lines}
    plain |= {plain_text(part.sku) for line in order.lines for part in line.components}
    plain |= {plain_text(shipment.tracking_key) for shipment in order.shipments}
    marks = frozenset({customer_mark(order.customer_id)}) if order.customer_id else frozenset[str]()
    return contact_words(contact, [str(contact.get("email") or "")], plain, marks)


def contact_words(
    contact: Mapping[str, Any], emails: Iterable[str], more: Iterable[str], marks: frozenset[str]
) -> Words:
    """Name, company, tax id and telephone of somebody, with addresses and what `more` there is."""
    plain = {*more, *map(plain_text, emails)}
    for name in ("name", "company", "tax_id"):
        plain |= whole_and_parts(str(contact.get(name) or ""))
    phone = re.sub(r"\D", "", str(contact.get("phone") or ""))[-LONGEST:]
    kept = frozenset(word[:LONGEST] for word in plain if len(word) > 1)
    return Words(kept, frozenset({phone}) if phone else frozenset(), marks)


def customer_mark(customer_id: str) -> str:
    """The token by which the orders of a customer are found. Ids begin with their time: backwards they
    spread over partitions."""
    return f"={customer_id[::-1]}"


def typed_words(text: str) -> list[str]:
    """What somebody typed, word by word, the longest first. A telephone with gaps is one word."""
    digits = re.sub(r"\D", "", text)
    if len(digits) >= WHOLE_PHONE and re.fullmatch(r"[\d\s()+./-]+", text):
        return [digits[:LONGEST]]
    words = {plain_text(part)[:LONGEST] for part in text.split()}
    return sorted(filter(None, words), key=lambda word: (-len(word), word))


def is_phone_end(word: str) -> bool:
    return word.isdigit() and len(word) >= LEAST_DIGITS


def plain_text(text: str) -> str:
    """Lower case without accents; what is no letter or digit stays only inside."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"[^\w@.+\-/]", "", bare).strip("-./")


def whole_and_parts(text: str) -> set[str]:
    """Each word of a text, and its parts where it has signs inside."""
    wholes = [plain_text(part) for part in text.split()]
    return {*wholes, *(part for whole in wholes for part in re.split(r"\W+", whole))}
