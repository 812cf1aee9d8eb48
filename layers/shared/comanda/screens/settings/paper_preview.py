"""A paper as it would be printed by what stands in the form, of an order that there never was."""

from comanda.conversation.speech import N_
from comanda.documents.kinds import Kind
from comanda.documents.printing import papers_of, wish_of
from comanda.errors import Invalid
from comanda.orders.decision import Loaded
from comanda.orders.model import Entry, Line, Order, Terms, Totals
from comanda.orders.vocabulary import Channel, Lifecycle, Method
from comanda.screens.house.answers import File
from comanda.screens.house.asked import Asked
from comanda.screens.house.routing import House
from comanda.screens.settings.desk import SettingsDesk
from comanda.screens.settings.form import sent, understood
from comanda.screens.settings.options import reader
from comanda.screens.settings.pages_papers import PAPERS
from comanda.settings.sections import Documents
from comanda.times import stamp

SAMPLE = 50_000  # the goods of the sample order, in minor units
OTHERS = ("shop", "checkout", "shipping", "notifications", "stock", f"payments.{Method.BANK_TRANSFER}")
ARTICLE = N_("Sample article")


def hang_paper_preview(house: House, desk: SettingsDesk) -> None:
    @house.post("/settings/documents/preview", "settings.write")
    def sample(asked: Asked) -> File:
        return preview(asked, desk)


def preview(asked: Asked, desk: SettingsDesk) -> File:
    """The sample as PDF; nothing is saved. Raises Invalid for what cannot be read, Busy."""
    at = reader(asked, desk, PAPERS.fields)
    found = understood(PAPERS, sent(asked, PAPERS), at)
    try:
        own = Documents.model_validate(desk.body(PAPERS.section)[0] | found)
    except ValueError as error:
        raise Invalid("some fields cannot be read") from error
    wish = wish_of(asked.field("_kind"), "", asked.tongue.code)
    sections = desk.settings().sections(OTHERS) | {"documents": own}
    made = desk.press().pdf(papers_of([(_sample(asked, at.currency, wish.kind), sections)], wish))
    return File(f"{wish.kind}.pdf", made, "application/pdf", shown=True)


def _sample(asked: Asked, currency: str, kind: Kind) -> Loaded:
    """Two units of nothing in particular, paid a moment ago."""
    placed, method = stamp(asked.now), Method.BANK_TRANSFER
    name = asked.tongue.say(ARTICLE)
    order = Order(
        order_id="sample",
        number="P-000123",
        currency=currency,
        channel=Channel.WEB,
        locale=asked.tongue.code,
        lifecycle=Lifecycle.PLACED,
        method=method,
        delivery="",
        created_at=placed,
        updated_at=placed,
        lines=(Line("l1", "ABC-1", name, 2, SAMPLE // 2, SAMPLE, 0, 0, 0, SAMPLE),),
        charges=(),
        tax_lines=(),
        totals=Totals(SAMPLE, 0, 0, 0, 0, SAMPLE, True),
        terms=Terms(),
        verified=True,
        approved=True,
        ledger=(Entry("e1", "capture", method, "manual", SAMPLE, currency, "ok", placed),),
    )
    contact = {"name": "Ana Muñoz", "email": "ana@example.com", "phone": "+525512345678"}
    street = {"line1": "Av. Álvaro Obregón 45", "postal_code": "06700", "city": "CDMX", "country": "MX"}
    return Loaded(order, {"contact": contact} | ({} if kind == Kind.PICKUP_SLIP else {"shipping": street}))
