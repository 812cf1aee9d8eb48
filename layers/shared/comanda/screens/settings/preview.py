"""A payment method as customers meet it, by what stands in the form: in the checkout and in the mail, both
languages, for an order that there never was."""

from typing import Any

from pydantic import ValidationError

from comanda.conversation.letters import LETTERS
from comanda.conversation.letters.occasion import Occasion
from comanda.conversation.render import formatted, render_letter
from comanda.conversation.speech import Speech
from comanda.conversation.view import order_view
from comanda.money import fraction_of
from comanda.orders.asking import deadlines
from comanda.orders.decision import Loaded
from comanda.orders.model import Charge, Line, Order, Terms, Totals
from comanda.orders.vocabulary import Channel, Lifecycle, Method
from comanda.screens.settings.desk import SettingsDesk
from comanda.screens.settings.kinds import Reader, Typed
from comanda.screens.settings.measures import percent
from comanda.screens.settings.nested import read
from comanda.screens.settings.page import Page
from comanda.settings.methods import PROVIDERS
from comanda.settings.sections import SECTIONS, PaymentMethod
from comanda.times import stamp

SAMPLE = 50_000  # the goods of the sample order, in minor units
LANGUAGES = (("es", "Español"), ("en", "English"))
WITHOUT_MAIL = (Method.REQUEST, Method.STORE_CREDIT)


def previews(page: Page, typed: Typed, desk: SettingsDesk, at: Reader) -> list[dict[str, Any]]:
    """One for each language; none while what was typed is not valid, which the form says where it is."""
    method, rules = Method(page.code.partition(".")[2]), _understood(page, typed, desk, at)
    if rules is None:
        return []
    wanted = ["shop", "checkout", "shipping", "notifications"]
    sections = desk.settings().sections(wanted) | {page.section: rules}
    return [_one(method, rules, sections, code, word, at) for code, word in LANGUAGES]


def _understood(page: Page, typed: Typed, desk: SettingsDesk, at: Reader) -> PaymentMethod | None:
    wrong: list[str] = []
    found = read(page.fields, typed, at, lambda path, detail: wrong.append(path))
    try:
        rules = None if wrong else SECTIONS[page.section].model_validate(desk.body(page.section)[0] | found)
    except ValidationError:
        return None
    return rules if isinstance(rules, PaymentMethod) else None


def _one(
    method: Method, rules: PaymentMethod, sections: dict[str, Any], code: str, language: str, at: Reader
) -> dict[str, Any]:
    speech = Speech(code, sections["shop"].country, sections["shop"].time_zone)
    return {
        "language": language,
        "code": code,
        "title": rules.title.of(code) or method,
        "price": _price(rules, at.currency, speech),
        "html": formatted(rules.instructions.of(code)),
    } | _mail(method, rules, sections, code, at)


def _price(rules: PaymentMethod, currency: str, speech: Speech) -> str:
    """What it adds or takes off, as the checkout tells it."""
    sign = "−" if rules.discount or rules.discount_ppm else "+"
    fixed, share = (rules.discount or rules.surcharge), (rules.discount_ppm or rules.surcharge_ppm)
    told = [speech.money(fixed, currency)] if fixed else []
    told += [f"{percent(share)} %"] if share else []
    return f"{sign} {' + '.join(told)}" if told else ""


def _mail(
    method: Method, rules: PaymentMethod, sections: dict[str, Any], code: str, at: Reader
) -> dict[str, Any]:
    """The mail that tells how to pay; where the customer pays at once, the one that reminds."""
    event = "payment_reminder" if method in PROVIDERS else "payment_instructions"
    if method in WITHOUT_MAIL or (method in PROVIDERS and not rules.reminding):
        return {"subject": "", "text": ""}
    loaded = Loaded(
        _sample(method, rules, at), {"contact": {"name": "Ana Muñoz", "email": "ana@example.com"}}
    )
    view = order_view(loaded, sections, code)
    links = {"order": sections["shop"].url or "https://…"}
    letter = LETTERS[event](Occasion(event, view, links, {}))
    return {"subject": letter.subject, "text": render_letter(letter).text}


def _sample(method: Method, rules: PaymentMethod, at: Reader) -> Order:
    """Two units of nothing in particular, placed a moment ago."""
    placed = stamp(at.tongue.now)
    less = min(SAMPLE, rules.discount + fraction_of(SAMPLE, rules.discount_ppm))
    more = rules.surcharge + fraction_of(SAMPLE, rules.surcharge_ppm)
    total = SAMPLE - less + more
    asked = deadlines(rules, placed)
    parts, title = (("discount", less), ("surcharge", more)), rules.title.of(at.tongue.code) or method
    line = Line(
        "l1", "ABC-1", at.tongue.say("Sample article"), 2, SAMPLE // 2, SAMPLE, less, 0, 0, SAMPLE - less
    )
    return Order(
        order_id="sample",
        number="P-000123",
        currency=at.currency,
        channel=Channel.WEB,
        locale=at.tongue.code,
        lifecycle=Lifecycle.PLACED,
        method=method,
        delivery="",
        created_at=placed,
        updated_at=placed,
        lines=(line,),
        charges=tuple(Charge(kind, method, title, amount) for kind, amount in parts if amount),
        tax_lines=(),
        totals=Totals(SAMPLE, less, more, 0, 0, total, True),
        terms=Terms(pay_by=asked["pay_by"]),
        verified=True,
    )
