"""A paper as it would be printed by what stands in the form, of an order that there never was."""

from comanda.documents.kinds import Format, Kind, ListKind
from comanda.documents.lists import listing
from comanda.documents.printing import LANGUAGES, Wish, list_of, papers_of
from comanda.errors import Invalid, NotFound
from comanda.orders.vocabulary import Method
from comanda.screens.house.answers import File
from comanda.screens.house.asked import Asked
from comanda.screens.house.routing import House
from comanda.screens.house.tongue import catalogue
from comanda.screens.settings.desk import SettingsDesk
from comanda.screens.settings.form import sent, understood
from comanda.screens.settings.options import reader
from comanda.screens.settings.pages_papers import PAPERS
from comanda.screens.settings.paper_sample import ARTICLE, LONG, SampleShelf, sample
from comanda.settings.sections import Documents
from comanda.times import stamp

OTHERS = ("shop", "checkout", "shipping", "notifications", "stock", f"payments.{Method.BANK_TRANSFER}")


def hang_paper_preview(house: House, desk: SettingsDesk) -> None:
    @house.post("/settings/documents/preview", "settings.write")
    def previewed(asked: Asked) -> File:
        return preview(asked, desk)


def preview(asked: Asked, desk: SettingsDesk) -> File:
    """The sample as PDF; nothing is saved. Raises Invalid for what cannot be read, Busy."""
    at = reader(asked, desk, PAPERS.fields)
    found = understood(PAPERS.fields, sent(asked, PAPERS), at)
    try:
        own = Documents.model_validate(desk.body(PAPERS.section)[0] | found)
    except ValueError as error:
        raise Invalid("some fields cannot be read") from error
    kind, format, language = _wanted(asked)
    sections = desk.settings().sections(OTHERS) | {"documents": own}
    say, made_at = catalogue(language).gettext, stamp(asked.now)
    order = sample(kind, (say(ARTICLE), say(LONG)), at.currency, language, made_at)
    if isinstance(kind, Kind):
        papers = papers_of([(order, sections)], Wish(kind, format, language))
    else:
        made = listing(kind, SampleShelf(), made_at)
        made.add(order, sections)
        papers = list_of(made, sections, format, language, made_at)
    return File(f"{kind}.pdf", desk.press().pdf(papers), "application/pdf", shown=True)


def _wanted(asked: Asked) -> tuple[Kind | ListKind, Format | None, str]:
    """Raises NotFound, Invalid."""
    kind, format, language = asked.field("_kind"), asked.field("_format"), asked.field("_lang")
    if kind not in (*Kind, *ListKind):
        raise NotFound("there is no such paper")
    if format and format not in list(Format):
        raise Invalid.at("/_format", f"one of: {', '.join(Format)}")
    if language and language not in LANGUAGES:
        raise Invalid.at("/_lang", f"one of: {', '.join(LANGUAGES)}")
    found = Kind(kind) if kind in list(Kind) else ListKind(kind)
    return found, Format(format) if format else None, language or asked.tongue.code
