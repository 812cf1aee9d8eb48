"""Look at an address: what is missing, what does not fit together, and how it is written as a rule.

Nothing here refuses anything. The data of the world's addresses is never complete: a doubt is for a person
to look at, with the choices that the data has.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from comanda.customers.addresses.country import (
    ALSO_CALLED,
    CODED,
    Area,
    Country,
    begins,
    country_of,
    folded,
    found_among,
)
from comanda.customers.addresses.finding import FIELDS, Checked, Finding, What, suggested

MOST_CHOICES = 40
NEAREST = 8

# Countries where a street without a number is seldom a whole address; elsewhere houses have names.
NUMBERED = frozenset(
    {"AR", "AT", "AU", "BE", "BR", "CA", "CH", "CL", "CO", "CZ", "DE", "DK", "EC", "ES"}
    | {"FI", "FR", "HU", "IT", "MX", "NL", "NO", "PE", "PL", "PT", "SE", "SK", "US", "UY"}
)
WITHOUT_NUMBER = re.compile(
    r"\b(s\s*/\s*n|s\.\s*n\.?|sn|sin n[uú]mero|n[uú]m\.? ext|conocido|km)(\b|$)", re.I
)
PO_BOX = re.compile(
    r"\bp\.?\s*o\.?\s*box\b|\bpost\s+office\s+box\b|\bapartado\s+(postal|de\s+correos)\b|\bapartado\s+\d"
    r"|\bapdo\.?\s+(postal\b|de\s+correos\b|\d)|\bcasilla\s+(postal|de\s+correos?)\b|\bcasilla\s+\d"
    r"|\bcaixa\s+postal\b|\bpostfach\b|\bbo[iî]te\s+postale\b|\bcasella\s+postale\b",
    re.I,
)


def check_address(address: dict[str, Any]) -> Checked:
    """The verdict on an address `{line1, line2?, city, state?, postal_code, country}`, with what was found
    and the address as it would be written."""
    given = {name: " ".join(str(address.get(name) or "").split()) for name in FIELDS}
    country = country_of(given["country"].upper())
    if country is None:
        return Checked((Finding("country", What.UNKNOWN, grave=True),))
    return _Look(given, country).result(address)


class _Look:
    """One look at one address; findings and mended texts come together."""

    def __init__(self, given: dict[str, str], country: Country) -> None:
        self.given = given
        self.country = country
        self.mended = {name: text for name, text in given.items() if text} | {"country": country.code}
        self.findings: list[Finding] = []

    def result(self, address: dict[str, Any]) -> Checked:
        area = self._area()
        self._postal_code(area)
        if area:
            self._city(area)
        self.findings += self._missing()
        self.findings += self._street()
        order = {name: place for place, name in enumerate(FIELDS)}
        self.findings.sort(key=lambda found: order[found.field])
        return Checked(tuple(self.findings), suggested(address, self.mended))

    def _says(self, field: str, what: What, *expected: str, grave: bool = False) -> None:
        self.findings.append(Finding(field, what, expected, grave))

    def _missing(self) -> Iterator[Finding]:
        """What is missing. Without a state things arrive where the postal code tells it, or where carriers do
        not sort by its code."""
        for name in ("line1", "city", "state", "postal_code"):
            if self.given[name] or name not in self.country.required | {"line1"}:
                continue
            told = name == "state" and bool(self.mended.get("state"))
            choices = self._choices() if name == "state" and not told else ()
            expected = (self.mended["state"],) if told else choices
            grave = name != "state" or (not told and self.country.code in CODED)
            yield Finding(name, What.REQUIRED, expected, grave)

    def _choices(self) -> tuple[str, ...]:
        names = tuple(self.country.written(area) for area in self.country.areas)
        return names if len(names) <= MOST_CHOICES else ()

    def _area(self) -> Area | None:
        """The state that is meant; where none is written, the only one that has the postal code."""
        written, country = self.given["state"], self.country
        if not country.areas or "state" not in country.parts:
            return None
        if not written:
            only = self._having(self._meant_code())
            if len(only) != 1 or "state" not in country.required:
                return None
            self.mended["state"] = country.written(only[0])
            return only[0]
        area = found_among(written, country.areas, country.code)
        if area is None:
            nearest = self._having(self._meant_code())
            names = tuple(country.written(one) for one in nearest) or self._choices()
            self._says("state", What.UNKNOWN, *(names[:MOST_CHOICES] or self._alike(written, country.areas)))
            return None
        self._spelt("state", written, area, country.written(area))
        return area

    def _spelt(self, field: str, written: str, area: Area, usual: str) -> None:
        """An understood name that is written otherwise: without its accents, or in full where addresses carry
        the code. A shorter name, and one with `D.C.` behind it, is as good."""
        if folded(written) in ALSO_CALLED.get(self.country.code, {}):
            return
        if written.casefold() in {usual.casefold(), *(name.casefold() for name in self._as_good(area))}:
            return
        text, names = folded(written), [folded(name) for name in self._as_good(area)]
        if text in names or not any(begins(name, text) for name in names):
            self._says(field, What.SPELLING, usual)
            self.mended[field] = usual

    def _as_good(self, area: Area) -> tuple[str, ...]:
        return () if self.country.written(area) != area.name else area.names

    def _having(self, postal_code: str) -> list[Area]:
        """The states that a postal code may be of; none when the data says nothing of them."""
        if not postal_code:
            return []
        return [area for area in self.country.areas if area.codes and area.has(postal_code)]

    def _postal_code(self, area: Area | None) -> None:
        written, country = self.given["postal_code"], self.country
        if not written or country.format is None:
            return
        usual = self._usual(written)
        if not usual:
            self._says("postal_code", What.FORMAT, *country.examples)
            return
        if usual != written:
            self._says("postal_code", What.SPELLING, usual)
            self.mended["postal_code"] = usual
        if area and not area.has(usual):
            names = tuple(country.written(one) for one in self._having(usual))
            self._says("postal_code", What.OTHER_AREA, *names)

    def _meant_code(self) -> str:
        """The postal code as it is written as a rule, zeros that a spreadsheet took put back."""
        written = self.given["postal_code"]
        return self._usual(written) or written

    def _usual(self, written: str) -> str:
        """A postal code as it is written in this country; empty for one that cannot be meant."""
        shape, looks = self.country.format, {_look(example) for example in self.country.examples}
        fit = [one for one in _spellings(written, self.country.code) if shape and shape.fullmatch(one)]
        return next((one for one in fit if _look(one) in looks), fit[0] if fit else "")

    def _city(self, area: Area) -> None:
        written, cities = self.given["city"], self.country.cities(area)
        if not written or not cities or "city" not in self.country.parts:
            return
        city = next((one for one in cities if folded(written) in {folded(name) for name in one.names}), None)
        if city is None:
            self._says("city", What.UNKNOWN, *self._alike(written, cities))
            return
        self._spelt("city", written, city, city.name)
        code = self.mended.get("postal_code", "")
        known = [found for found in self.findings if found.field == "postal_code"]
        if code and not known and not city.has(code):
            self._says(
                "postal_code", What.OTHER_CITY, *[c.name for c in cities if c.codes and c.has(code)][:NEAREST]
            )

    def _alike(self, written: str, places: tuple[Area, ...]) -> tuple[str, ...]:
        """The names that look most like what was written; all of them where they are few."""
        names = {folded(place.name): place.name for place in places}
        if len(names) <= NEAREST:
            return tuple(names.values())
        near = difflib.get_close_matches(folded(written), names, n=NEAREST, cutoff=0.6)
        return tuple(names[one] for one in near)

    def _street(self) -> Iterator[Finding]:
        street = f"{self.given['line1']} {self.given['line2']}".strip()
        if not street:
            return
        if is_po_box(street):
            yield Finding("line1", What.PO_BOX)
        elif self.country.code in NUMBERED and not _numbered(street):
            yield Finding("line1", What.NO_NUMBER)


def is_po_box(street: str) -> bool:
    """Whether a street line is a box at the post office."""
    return PO_BOX.search(street) is not None


def _look(postal_code: str) -> str:
    """What a postal code looks like: 99999, or A9A 9A9."""
    return "".join("9" if c.isdigit() else "A" if c.isalpha() else c for c in postal_code)


def _numbered(street: str) -> bool:
    return any(c.isdigit() for c in street) or WITHOUT_NUMBER.search(street) is not None


def _spellings(written: str, country: str) -> Iterator[str]:
    """A postal code as it may have been meant, the likeliest first: as written, in capitals, without what
    separates, without its country, with a space or hyphen inside, with the zeros that a spreadsheet took."""
    yield written
    plain = unicodedata.normalize("NFKC", re.sub(r"^[A-Z]{1,2}-(?=\d)", "", written.upper()))
    plain = re.sub(r"[\s.\-–_]", "", plain)
    texts = [written.upper(), plain, plain.removeprefix("CP"), plain.removeprefix(country)]
    if plain.isdecimal():
        texts += [plain.zfill(length) for length in range(len(plain) + 1, len(plain) + 3)]
    for text in texts:
        yield text
        for at in range(len(text) - 1, 1, -1):
            yield f"{text[:at]} {text[at:]}"
            yield f"{text[:at]}-{text[at:]}"
