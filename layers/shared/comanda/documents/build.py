"""The papers of an order, from what is known of it."""

from base64 import b64decode

from comanda.conversation.speech import N_, Speech
from comanda.conversation.view import AmountView, OrderView, Sections, order_view, section_names
from comanda.documents.goods import goods_columns, goods_rows, priced_columns, priced_rows
from comanda.documents.kinds import Kind
from comanda.documents.money import received
from comanda.documents.sheet import Block, Letterhead, Sheet
from comanda.documents.words import lines_of
from comanda.links.keys import Keys
from comanda.orders.decision import Loaded
from comanda.orders.vocabulary import Lifecycle
from comanda.settings.sections.documents import kind_of_picture

TITLES = {
    Kind.ORDER: N_("Order"),
    Kind.PACKING_SLIP: N_("Packing slip"),
    Kind.RECEIPT: N_("Receipt"),
    Kind.PICKUP_SLIP: N_("Pickup slip"),
}
OVER = (Lifecycle.CANCELLED, Lifecycle.EXPIRED)
PRICED = (Kind.ORDER, Kind.RECEIPT)


def settings_of(loaded: Loaded) -> list[str]:
    """The settings that a paper of this order reads."""
    return [*section_names(loaded.order), "documents", "stock"]


def letterhead(sections: Sections) -> Letterhead:
    own = sections["documents"]
    logo = f"data:{kind_of_picture(b64decode(own.logo))};base64,{own.logo}" if own.logo else ""
    return Letterhead(sections["shop"].name, lines_of(own.sender), own.colour, logo)


def sheet_of(
    kind: Kind, loaded: Loaded, sections: Sections, language: str, keys: Keys | None = None
) -> Sheet:
    """The paper `kind` of an order as a reader of `language` reads it; no amount stands on a slip. With
    `keys` a pickup slip has the code by which the order is fetched, once it waits."""
    view = order_view(loaded, sections, language, keys=keys if kind == Kind.PICKUP_SLIP else None)
    say, order = view.speech.say, loaded.order
    priced = kind in PRICED
    rows = priced_rows(view) if priced else goods_rows(order, sections["stock"], view.speech)
    return Sheet(
        language=language,
        title=say(TITLES[kind]),
        number=order.number,
        date=view.speech.date(order.created_at),
        stamp=say("Cancelled") if order.lifecycle in OVER else "",
        parties=_parties(kind, view),
        facts=_facts(kind, view),
        columns=priced_columns(view.speech) if priced else goods_columns(view.speech),
        rows=rows,
        sums=_sums(kind, loaded, view),
        notes=_notes(kind, view, sections),
        sign=_sign(kind, view.speech),
        footer=lines_of(sections["documents"].footer.of(language)),
        page=say("Page {n} of {of}"),
        empty=say("No articles."),
        code=view.pickup.code.replace("-", "") if view.pickup else "",
    )


def _sums(kind: Kind, loaded: Loaded, view: OrderView) -> tuple[AmountView, ...]:
    if kind not in PRICED:
        return ()
    return view.totals + (received(loaded.order, view) if kind == Kind.RECEIPT else ())


def _parties(kind: Kind, view: OrderView) -> tuple[Block, ...]:
    """Who gets the goods and where; on what is paid, also who is billed."""
    say, contact = view.speech.say, view.contact
    who = tuple(part for part in (contact.name, contact.company) if part)
    reach = tuple(part for part in (contact.phone, contact.email) if part)
    if kind == Kind.PICKUP_SLIP:
        return (Block(say("Fetched by"), (*who, *reach[:1])),)
    to = Block(say("Ship to"), (*who, *view.shipping, *reach[:1]))
    if kind == Kind.PACKING_SLIP:
        return (to,) if view.shipping else (Block(say("Customer"), (*who, *reach[:1])),)
    tax = (say("Tax id: %(id)s", id=contact.tax_id),) if contact.tax_id else ()
    customer = Block(say("Customer"), (*who, *view.billing, *tax, *reach))
    return (customer, Block(say("Ship to"), (*who, *view.shipping))) if view.shipping else (customer,)


def _facts(kind: Kind, view: OrderView) -> tuple[tuple[str, str], ...]:
    say = view.speech.say
    rows = [(say("Delivery"), view.delivery), (say("Purchase order"), view.purchase_order)]
    if kind == Kind.PICKUP_SLIP and view.pickup:
        rows += [(say("Pickup code"), view.pickup.code), (say("Until"), view.pickup.until)]
        pickup = view.order.pickup
        rows.append((say("Shelf"), pickup.shelf if pickup else ""))
    if kind in PRICED:
        rows.append((say("Payment"), view.method))
    if kind == Kind.ORDER:
        rows.append((say("Payable by"), view.due_at))
        rows += view.fields
    return tuple((label, value) for label, value in rows if value)


def _notes(kind: Kind, view: OrderView, sections: Sections) -> tuple[Block, ...]:
    """What the customer wrote, for those who handle the order; then the shop's own words."""
    own = getattr(sections["documents"], kind.value.replace("-", "_")).of(view.speech.language)
    wrote = lines_of(view.comment) if kind != Kind.RECEIPT else ()
    found = (Block(view.speech.say("The customer wrote"), wrote), Block("", lines_of(own)))
    return (*_parcels(kind, view), *(block for block in found if block.lines))


def _parcels(kind: Kind, view: OrderView) -> tuple[Block, ...]:
    """What is in which parcel, where one look at the articles does not tell it."""
    if kind != Kind.PACKING_SLIP or not (len(view.parcels) > 1 or (view.parcels and view.to_come)):
        return ()
    return tuple(
        Block(
            " · ".join(filter(None, (one.title, one.carrier, one.tracking_number, one.weight))),
            tuple(f"{units} × {name}" for units, name in one.contents),
        )
        for one in view.parcels
    )


def _sign(kind: Kind, speech: Speech) -> tuple[str, ...]:
    if kind == Kind.PICKUP_SLIP:
        return speech.say("Name"), speech.say("Signature"), speech.say("Date and time")
    if kind == Kind.PACKING_SLIP:
        return speech.say("Picked by"), speech.say("Checked by")
    return ()
