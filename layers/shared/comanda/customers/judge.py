"""Judge contacts and addresses. What cannot be used at all is refused; the rest is a warning.

Address data is never complete, so an odd address is accepted and marked for a person to look at.
Libraries are imported on first use: they cost more than the rest of the checkout's cold start.
"""

import re
from dataclasses import dataclass, field
from typing import Any

OLD_MEXICAN_MOBILE = re.compile(r"^\+521(\d{10})$")  # the 1 after +52 was dropped in 2019


@dataclass(slots=True)
class Judged:
    """A cleaned contact or address, what must be mended, and what somebody should look at."""

    value: dict[str, Any]
    errors: list[dict[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def judge_contact(contact: dict[str, Any], country: str, *, by_phone: bool = False) -> Judged:
    """Clean e-mail and phone. An address no mail can be sent to is an error, an odd phone a warning.

    `by_phone`: whoever is spoken to needs no e-mail address, but a telephone where they are reached.
    """
    judged = Judged({key: value for key, value in contact.items() if value})
    phone, email = str(contact.get("phone") or ""), str(contact.get("email") or "")
    if phone:
        judged.value["phone"] = _phone(judged, phone, country)
    if not by_phone or email.strip():
        judged.value["email"] = _email(judged, email)
    elif not phone or judged.warnings:
        told = "an e-mail address is needed, or a telephone number that can be dialled"
        judged.errors.append({"pointer": "/customer/email", "detail": told})
    return judged


def _email(judged: Judged, email: str) -> str:
    from email_validator import EmailNotValidError, EmailSyntaxError, validate_email

    if not email.strip():
        judged.errors.append({"pointer": "/customer/email", "detail": "an e-mail address is needed"})
        return ""
    try:
        return validate_email(email, check_deliverability=False).normalized
    except EmailSyntaxError:
        told = "this is no e-mail address; one is like name@example.com"
        judged.errors.append({"pointer": "/customer/email", "detail": told})
    except EmailNotValidError:
        judged.warnings.append("email-special-domain")  # example.test and the like: odd, but well-formed
    return email.strip()


def dialled(phone: str, country: str) -> str:
    """A telephone number as it is kept: in full where it can be read."""
    return _phone(Judged({}), phone, country)


def _phone(judged: Judged, phone: str, country: str) -> str:
    import phonenumbers

    compact = OLD_MEXICAN_MOBILE.sub(r"+52\1", re.sub(r"[\s().-]", "", phone))
    try:
        parsed = phonenumbers.parse(compact, country)
    except phonenumbers.NumberParseException:
        judged.warnings.append("phone-unreadable")
        return phone.strip()
    if not phonenumbers.is_valid_number(parsed):
        judged.warnings.append("phone-not-valid")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def judge_address(address: dict[str, Any], pointer: str) -> Judged:
    """Keep the address as the customer wrote it; name what looks wrong. An unknown country is an error."""
    from comanda.customers.addresses.check import check_address

    judged = Judged({key: value for key, value in address.items() if value})
    judged.value["country"] = str(address.get("country", "")).upper()
    for found in check_address(judged.value).doubts:
        if found.field == "country":
            judged.errors.append({"pointer": f"{pointer}/country", "detail": "not an ISO 3166 country code"})
        judged.warnings.append(found.code)
    return judged
