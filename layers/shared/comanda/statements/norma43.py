"""Norma 43, the statement of Spanish banks (Cuaderno 43 of the AEB): lines of 80 characters.

11 an account begins, 22 a movement, 23 what it is for (up to five), 24 its amount in another currency,
33 the account's sums, 88 the end of the file. Places are counted from 1 in the Cuaderno, from 0 here.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar

from comanda.statements.damaged import damaged
from comanda.statements.model import (
    MOST_ENTRIES,
    Account,
    ReadStatement,
    StatementEntry,
    identified,
    kind_of,
    one_line,
)
from comanda.statements.numbers import spanish_iban
from comanda.statements.two_digit_years import Years, years_of

WIDTH = 80
CURRENCIES = {"978": "EUR", "484": "MXN", "840": "USD", "826": "GBP", "756": "CHF"}
RETURNS = ("14", "98")  # common concepts: returned and unpaid; annulled and corrected


@dataclass(slots=True)
class _Movement:
    """A line 22 with the lines 23 below it."""

    line: str
    number: int
    words: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Section:
    """An account's lines, from 11 to 33."""

    head: str
    number: int
    movements: list[_Movement] = field(default_factory=list)
    sums: str = ""


def read_norma43(data: bytes, today: date) -> ReadStatement:
    """Every account in the file. Raises Invalid for a line that is none, and where the sums of 33 or the
    count of 88 are not those of the lines: then something is missing."""
    sections = _sections(_lines(data))
    years = _years(sections, today)
    read = [_account(section, years) for section in sections]
    entries = [entry for _, found in read for entry in found]
    if len(entries) > MOST_ENTRIES:
        raise damaged(f"a file takes at most {MOST_ENTRIES} movements: split it by days")
    return ReadStatement("norma43", tuple(account for account, _ in read), identified(entries))


def _lines(data: bytes) -> list[str]:
    """The lines, filled up to their width: some programs cut the blanks off. The format is ISO 8859-1; what
    is sound UTF-8 was turned into it on its way."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("iso-8859-1")
    found = [line.rstrip("\r\x1a ") for line in text.split("\n")]
    while found and not found[-1]:
        found.pop()
    for number, line in enumerate(found, start=1):
        if len(line) > WIDTH or not line[:2].isdigit():
            raise damaged(
                f"line {number} is none of Norma 43: they begin with two digits and have {WIDTH} characters"
            )
    return [line.ljust(WIDTH) for line in found]


def _sections(lines: list[str]) -> list[_Section]:
    reading = _Reading()
    for number, line in enumerate(lines, start=1):
        reading.take(line, number)
    if reading.open is not None or not reading.ended:
        raise damaged("the file breaks off: its last line (88) is missing, ask the bank for it again")
    return reading.done


class _Reading:
    """Puts lines where they belong; what stands in a wrong place is refused."""

    PLACES: ClassVar[dict[str, str]] = {
        "11": "_begin",
        "22": "_move",
        "23": "_say",
        "24": "_convert",
        "33": "_close",
    }

    def __init__(self) -> None:
        self.done: list[_Section] = []
        self.open: _Section | None = None
        self.ended = False
        self.count = 0

    def take(self, line: str, number: int) -> None:
        if self.ended:
            raise damaged(f"line {number} stands behind the end of the file")
        kind = line[:2]
        if kind == "88":
            self._end(line, number)
            return
        self.count += 1
        if kind not in self.PLACES or (kind == "11") == (self.open is not None):
            raise damaged(f"line {number}: a line {kind} has no place here")
        getattr(self, self.PLACES[kind])(line, number)

    def _begin(self, line: str, number: int) -> None:
        self.open = _Section(line, number)

    def _move(self, line: str, number: int) -> None:
        self._section.movements.append(_Movement(line, number))

    def _say(self, line: str, number: int) -> None:
        self._last(number).words.append(line[4:80])

    def _convert(self, line: str, number: int) -> None:
        self._last(number)  # the amount in another currency is for reading only

    def _close(self, line: str, number: int) -> None:
        self.done.append(replace(self._section, sums=line))
        self.open = None

    def _end(self, line: str, number: int) -> None:
        self.ended = True
        told = _digits(line[20:26], number)
        if self.open is not None:
            raise damaged("the file breaks off: its last line (88) is missing, ask the bank for it again")
        if told != self.count:
            raise damaged(f"the file should hold {told} lines and holds {self.count}: it is not complete")

    @property
    def _section(self) -> _Section:
        if self.open is None:
            raise AssertionError("only lines of an open account come here")
        return self.open

    def _last(self, number: int) -> _Movement:
        if not self._section.movements:
            raise damaged(f"line {number}: a line 23 has no place here")
        return self._section.movements[-1]


def _digits(text: str, number: int) -> int:
    if not (text.isascii() and text.isdigit()):
        raise damaged(f"line {number}: {text!r} is no number")
    return int(text)


def _signed(sign: str, amount: str, number: int) -> int:
    """1 is debit, 2 is credit; amounts have two decimals."""
    if sign not in ("1", "2"):
        raise damaged(f"line {number}: {sign!r} is neither debit (1) nor credit (2)")
    return _digits(amount, number) * (1 if sign == "2" else -1)


def _years(sections: list[_Section], today: date) -> Years:
    spans = [(section.head[20:26], section.head[26:32]) for section in sections]
    days = [one.line[place : place + 6] for s in sections for one in s.movements for place in (10, 16)]
    found = years_of(spans, [day for day in days if day.strip() and day.strip("0")], today)
    if found is None:
        raise damaged("the days of the file cannot be read: they take six digits, year, month and day")
    return found


def _account(section: _Section, years: Years) -> tuple[Account, list[StatementEntry]]:
    head, number = section.head, section.number
    for part in (head[2:6], head[6:10], head[10:20]):
        _digits(part, number)
    code = head[47:50]
    if code not in CURRENCIES:
        raise damaged(f"line {number}: the currency {code!r} is not known here")
    opening = _signed(head[32], head[33:47], number)
    account = Account(
        spanish_iban(head[2:6], head[6:10], head[10:20]),
        CURRENCIES[code],
        years.day(head[20:26]),
        years.day(head[26:32]),
        opening,
        _checked(section, opening),
    )
    return account, [entry for one in section.movements if (entry := _entry(one, account, years)).amount]


def _checked(section: _Section, opening: int) -> int:
    """The closing balance, if the sums of line 33 are those of the movements."""
    sums, number = section.sums, section.number
    moved = [_signed(one.line[27], one.line[28:42], one.number) for one in section.movements]
    debits, credits = (
        [m for one, m in zip(section.movements, moved, strict=True) if one.line[27] == sign] for sign in "12"
    )
    told = [_digits(sums[a:b], number) for a, b in ((20, 25), (25, 39), (39, 44), (44, 58))]
    if told != [len(debits), -sum(debits), len(credits), sum(credits)]:
        raise damaged("the bank's sums (line 33) are not those of the movements: the file is not complete")
    closing = _signed(sums[58], sums[59:73], number)
    if opening + sum(moved) != closing:
        raise damaged(
            "the movements do not lead from the first balance to the last: the file is not complete"
        )
    return closing


def _entry(one: _Movement, account: Account, years: Years) -> StatementEntry:
    line = one.line
    signed = _signed(line[27], line[28:42], one.number)
    references = (line[52:64], line[64:80])  # the payer's; what stands before is the bank's own count
    return StatementEntry(
        account=account.name,
        kind=kind_of(came=signed > 0, back=line[22:24] in RETURNS),
        amount=abs(signed),
        currency=account.currency,
        booked_on=years.day(line[10:16]),
        value_on=years.day(line[16:22]) if line[16:22].strip(" 0") else "",
        text=one_line("".join(one.words)),
        references=tuple(dict.fromkeys(part.strip() for part in references if part.strip(" 0"))),
    )
