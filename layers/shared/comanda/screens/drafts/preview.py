"""What the form as it is typed comes to, with nothing written."""

from comanda.backoffice.bodies_drafts import MOST_LINES
from comanda.errors import Invalid
from comanda.orders.decision import Loaded
from comanda.orders.drafts.write import texts_of
from comanda.orders.model import Draft
from comanda.orders.vocabulary import Lifecycle
from comanda.screens.drafts.address_hint import address_hint
from comanda.screens.drafts.desk import SalesDesk
from comanda.screens.drafts.form import ADDRESS, body_of_draft, typed
from comanda.screens.drafts.page import NEW, address_of
from comanda.screens.drafts.sheet import Sheet, sheet_of
from comanda.screens.house.answers import Screen
from comanda.screens.house.asked import Asked


def preview(asked: Asked, desk: SalesDesk, loaded: Loaded | None = None) -> Screen:
    """The sums and each line's figures; what cannot be read is said in their place."""
    try:
        sheet, wrong = _sheet(asked, desk, loaded), ""
    except Invalid as refused:
        errors = refused.extra.get("errors") or [{"detail": refused.detail}]
        sheet, wrong = Sheet([], None, []), asked.tongue.refusal(str(errors[0]["detail"]))
    quoted = loaded is not None and loaded.order.lifecycle == Lifecycle.QUOTED
    place = {name: text for name in ADDRESS if (text := asked.field(f"shipping_address.{name}"))}
    values = {
        "sheet": sheet,
        "unread": wrong,
        "quoted": quoted,
        "check": False,
        "hint": address_hint(place, asked.field("delivery"), desk, asked.tongue),
        "here": address_of(loaded.order.order_id) if loaded else NEW,
        "order": loaded.order if loaded else None,
    }
    return Screen("drafts/preview.html.j2", values)


def _sheet(asked: Asked, desk: SalesDesk, loaded: Loaded | None) -> Sheet:
    """A quotation is shown at today's prices here: whatever is changed in it makes a draft of it."""
    wishes = body_of_draft(typed(asked)).wishes(desk.currency)
    order = loaded.order if loaded else None
    draft = wishes.written_into((order.draft if order else None) or Draft())
    texts = (texts_of(loaded) if loaded else {}) | dict(wishes.texts)
    shop = desk.settings().section("shop")[0]
    locale = wishes.locale or (order.locale if order else str(shop.locale))
    sheet = sheet_of(draft, texts, locale, desk, asked.tongue)
    places = {asked.field(f"lines.{n}.sku"): n for n in range(MOST_LINES)}
    for row in sheet.rows:  # where it stands in the form, which may hold a line of no units
        row["place"] = places.get(row["sku"], row["place"])
    return sheet
