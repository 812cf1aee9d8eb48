"""One booked entry of a CAMT.053 statement: itself, or each of the payments that it is made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from xml.etree.ElementTree import Element

from comanda.statements.damaged import damaged
from comanda.statements.model import StatementEntry, kind_of, one_line
from comanda.statements.numbers import minor_units
from comanda.statements.safe_xml import text, texts

SIDES = {"CRDT": 1, "DBIT": -1}
# What stands where there is no reference.
NOTHING = frozenset({"", "0", "NOTPROVIDED", "NONREF", "NOT PROVIDED"})


@dataclass(frozen=True, slots=True)
class Booked:
    """What an `Ntry` moves the balance by, in minor units with its sign, and the movements it stands for.
    `whole`: it is of several payments that the bank does not itemise."""

    signed: int
    currency: str
    entries: tuple[StatementEntry, ...]
    whole: bool = False


def booked(entry: Element, account: str, number: int) -> Booked:
    """Raises Invalid for an entry without amount, side or day."""
    currency, amount = _amount(entry.find("Amt"), number)
    side = _side(entry, number)
    if currency is None or amount is None or amount < 0:
        raise damaged(f"movement {number}: there is no amount")
    details = entry.findall("NtryDtls/TxDtls")
    parts = [_part(one, currency, side, number) for one in details]
    itemised = len(parts) > 1 and all(part is not None for part in parts)
    if itemised and sum(part for part in parts if part) == side * amount:
        made = tuple(
            _movement(entry, [one], (part or 0, currency), (account, number))
            for one, part in zip(details, parts, strict=True)
            if part
        )
        return Booked(side * amount, currency, made)
    only = _movement(entry, details, (side * amount, currency), (account, number))
    return Booked(side * amount, currency, (only,) if amount else (), whole=len(details) > 1)


def _amount(found: Element | None, number: int) -> tuple[str | None, int | None]:
    if found is None:
        return None, None
    currency = found.get("Ccy", "").upper()
    if len(currency) != 3:
        raise damaged(f"movement {number}: there is no amount")
    return currency, minor_units(found.text or "", currency)


def _side(element: Element, number: int) -> int:
    side = text(element, "CdtDbtInd")
    if side not in SIDES:
        raise damaged(f"movement {number}: it is not said whether it is credit or debit")
    return SIDES[side]


def _part(detail: Element, currency: str, side: int, number: int) -> int | None:
    """What one payment of several moves, or None where that is not told in the entry's currency."""
    for path in ("Amt", "AmtDtls/TxAmt/Amt"):
        told, amount = _amount(detail.find(path), number)
        if told == currency and amount is not None:
            return (_side(detail, number) if detail.find("CdtDbtInd") is not None else side) * amount
    return None


def _movement(
    entry: Element, details: list[Element], money: tuple[int, str], named: tuple[str, int]
) -> StatementEntry:
    signed, currency = money
    account, number = named
    came = signed > 0
    both = [entry, *details]
    return StatementEntry(
        account=account,
        kind=kind_of(came=came, back=any(map(_back, both))),
        amount=abs(signed),
        currency=currency,
        booked_on=_day(entry, "BookgDt", number) or _day(entry, "ValDt", number) or _no_day(number),
        value_on=_day(entry, "ValDt", number),
        payer=one_line(_first(details, *_parties(came=came, of="")))[:140],
        payer_account=_first(details, *_parties(came=came, of="Acct"))[:40],
        text=one_line(
            *_each(details, "RmtInf/Ustrd"), *_each(details, "AddtlTxInf"), text(entry, "AddtlNtryInf")
        ),
        references=tuple(dict.fromkeys(_references(details))),
        bank_ref="|".join(_bank_references(entry, details))[:200],
    )


def _back(element: Element) -> bool:
    """The bank says that this takes an earlier movement back."""
    return text(element, "RvslInd") in ("true", "1") or element.find("RtrInf") is not None


def _parties(*, came: bool, of: str) -> tuple[str, ...]:
    """Where the other side is told, first the one that fits; newer versions have one level more."""
    sides = ("Dbtr", "UltmtDbtr", "Cdtr") if came else ("Cdtr", "UltmtCdtr", "Dbtr")
    if of:
        return tuple(f"RltdPties/{side}Acct/Id/{kind}" for side in sides for kind in ("IBAN", "Othr/Id"))
    return tuple(f"RltdPties/{side}/{name}" for side in sides for name in ("Nm", "Pty/Nm"))


def _day(entry: Element, name: str, number: int) -> str:
    told = text(entry, f"{name}/Dt", f"{name}/DtTm")[:10]
    try:
        return date.fromisoformat(told).isoformat() if told else ""
    except ValueError as error:
        raise damaged(f"movement {number}: {told!r} is no day") from error


def _no_day(number: int) -> str:
    raise damaged(f"movement {number}: there is no booking day")


def _first(elements: list[Element], *paths: str) -> str:
    return next((found for path in paths for found in _each(elements, path)), "")


def _each(elements: list[Element], path: str) -> Iterator[str]:
    for element in elements:
        yield from texts(element, path)


def _references(details: list[Element]) -> Iterator[str]:
    """What the payer gave as a reference and nothing else."""
    for path in ("RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Strd/RfrdDocInf/Nb", "Refs/EndToEndId"):
        yield from (found[:140] for found in _each(details, path) if found.upper() not in NOTHING)


def _bank_references(entry: Element, details: list[Element]) -> Iterator[str]:
    """What the bank itself calls the entry and, where it is one of several payments, this one."""
    own = [text(entry, "AcctSvcrRef")]
    if len(details) == 1:
        own.append(text(details[0], "Refs/AcctSvcrRef", "Refs/TxId", "Refs/EndToEndId"))
    return (one for one in dict.fromkeys(own) if one.upper() not in NOTHING)
