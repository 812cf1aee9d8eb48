"""Numbers of orders as customers write them: `P-000123`, `p 123`, `pedido 123`, `000123`. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

MARKERS = frozenset(
    [
        "pedido",
        "pedidos",
        "ped",
        "orden",
        "ord",
        "order",
        "orders",
        "compra",
        "num",
        "numero",
        "nro",
        "no",
        "n",
        "o",
        "ref",
        "referencia",
        "reference",
    ]
)
MOST_MENTIONS = 12  # of one movement: a text full of numbers names no order
MOST_GROUPS = 4  # groups of digits that are one number
LONGEST = 12  # digits
PRINTED = 6  # digits that a number is filled up to; fewer are too common to stand for themselves
NEAR = 3  # characters between a word and the number that it belongs to
_TOKEN = re.compile(r"[a-z]+|[0-9]+")


class Strength(IntEnum):
    """How surely a text names an order."""

    NONE = 0
    WEAK = 1  # the number is there, and could be anything
    STRONG = 2


@dataclass(frozen=True, slots=True)
class Mention:
    """A number in a text. `before`: the words and numbers right before it, the nearest last. `alone`: the
    field holds nothing else; `marked`: a word like `pedido` stands before it; `attached`: it is glued to
    something else, as part of a date may be; `joined`: it is made of several groups."""

    digits: str
    before: tuple[str, ...] = ()
    alone: bool = False
    marked: bool = False
    attached: bool = False
    joined: bool = False

    @property
    def plain(self) -> str:
        """Without the zeros it is filled up with."""
        return self.digits.lstrip("0")

    def strength(self, number: str) -> Strength:
        """How surely this is the order of that number."""
        *prefix, digits = _TOKEN.findall(folded(number)) or [""]
        if not self.plain or self.plain != digits.lstrip("0"):
            return Strength.NONE
        named = bool(prefix) and list(self.before[-len(prefix) :]) == prefix
        if named or self.alone or self.marked:
            return Strength.STRONG
        if self.joined:
            return Strength.NONE
        printed = len(self.digits) == len(digits) >= PRINTED
        return Strength.STRONG if printed and not self.attached else Strength.WEAK


def mentions(fields: Iterable[str]) -> tuple[Mention, ...]:
    """The numbers in the fields that may be an order's, the surest first."""
    found = dict.fromkeys(one for field in fields for one in _in_field(folded(field)))
    return tuple(sorted(found, key=_rank)[:MOST_MENTIONS])


def named(found: Sequence[Mention], number: str) -> Strength:
    return max((mention.strength(number) for mention in found), default=Strength.NONE)


def _rank(mention: Mention) -> tuple[bool, bool, bool, bool]:
    return (
        mention.attached and not mention.before,
        not (mention.marked or mention.alone),
        len(mention.digits) != PRINTED,
        mention.joined,
    )


def folded(text: str) -> str:
    """Without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _in_field(text: str) -> Iterator[Mention]:
    tokens = list(_TOKEN.finditer(text))
    for place, token in enumerate(tokens):
        if token[0].isdigit():
            yield from _from(text, tokens, place)


def _from(text: str, tokens: list[re.Match[str]], place: int) -> Iterator[Mention]:
    """The number that begins at a token, and those made of it and the groups behind it."""
    digits = ""
    before = _before(text, tokens, place)
    for last in range(place, min(place + MOST_GROUPS, len(tokens))):
        if last > place and not _together(text, tokens, last):
            return
        digits += tokens[last][0]
        if len(digits.lstrip("0")) > LONGEST:
            return
        yield Mention(
            digits,
            before,
            alone=place == 0 and last == len(tokens) - 1,
            marked=bool(before) and before[-1] in MARKERS,
            attached=_glued(text, tokens, place - 1) or _glued(text, tokens, last),
            joined=last > place,
        )


def _between(text: str, tokens: list[re.Match[str]], left: int) -> str | None:
    """What stands between a token and the next; None where there is no such pair."""
    if left < 0 or left + 1 >= len(tokens):
        return None
    return text[tokens[left].end() : tokens[left + 1].start()]


def _together(text: str, tokens: list[re.Match[str]], place: int) -> bool:
    gap = _between(text, tokens, place - 1)
    return tokens[place][0].isdigit() and gap is not None and len(gap) == 1


def _glued(text: str, tokens: list[re.Match[str]], left: int) -> bool:
    gap = _between(text, tokens, left)
    return gap is not None and not any(c.isspace() for c in gap) and gap not in (":", ";", ",", "(", ")")


def _before(text: str, tokens: list[re.Match[str]], place: int) -> tuple[str, ...]:
    words: list[str] = []
    for left in range(place - 1, max(-1, place - 4), -1):
        gap = _between(text, tokens, left)
        if gap is None or len(gap) > NEAR:
            break
        words.insert(0, tokens[left][0])
    return tuple(words)
