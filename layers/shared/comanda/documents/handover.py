"""The list that goes with parcels when a carrier fetches them: those of one day, with a line to sign."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from comanda.conversation.speech import Speech
from comanda.conversation.view import Sections, speech_for
from comanda.conversation.words import carrier_name
from comanda.documents.day import Leaving
from comanda.documents.goods import place_title
from comanda.documents.sheet import Block, Column, Row, Sheet
from comanda.documents.words import lines_of
from comanda.orders.consignments import nth
from comanda.orders.decision import Loaded
from comanda.orders.destinations import destination


@dataclass(frozen=True, slots=True)
class Handed:
    """A parcel that a carrier takes; `to` is who gets it and where, as far as a carrier needs it; `nth` which
    of how many that left together. What is in it is not told to who carries it."""

    carrier: str
    tracking_number: str
    number: str
    to: str
    shipped_at: str
    nth: tuple[int, int] = (1, 1)
    units: int = 0
    weight_grams: int = 0


def handed_over(loaded: Loaded, leaving: Leaving) -> tuple[Handed, ...]:
    """The parcels of an order that left the shop then."""
    contact = loaded.text("contact") or {}
    return tuple(
        Handed(
            parcel.carrier,
            parcel.tracking_number,
            loaded.order.number,
            _to(str(contact.get("name") or ""), destination(parcel, loaded.personal) or {}),
            parcel.shipped_at,
            nth(loaded.order, parcel),
            sum(line.quantity for line in parcel.lines),
            parcel.weight_grams,
        )
        for parcel in leaving.of(loaded.order, loaded.order.shipments)
    )


def _to(name: str, address: Mapping[str, object]) -> str:
    town = " ".join(str(address.get(part) or "") for part in ("postal_code", "city"))
    return ", ".join(part for part in (str(address.get("name") or "") or name, town.strip()) if part)


def hand_over_sheets(
    parcels: Iterable[Handed], sections: Sections, language: str, leaving: Leaving
) -> list[Sheet]:
    """A sheet for each carrier, its parcels as they left."""
    speech = speech_for(sections, language)
    by_carrier: dict[str, list[Handed]] = defaultdict(list)
    for parcel in parcels:
        by_carrier[carrier_name(parcel.carrier)].append(parcel)
    return [_sheet(carrier, by_carrier[carrier], sections, speech, leaving) for carrier in sorted(by_carrier)]


def _sheet(
    carrier: str, parcels: list[Handed], sections: Sections, speech: Speech, leaving: Leaving
) -> Sheet:
    say, own = speech.say, sections["documents"]
    code = leaving.location
    place = ((say("Location"), place_title(code, sections["stock"], speech)),) if code else ()
    words = lines_of(own.hand_over.of(speech.language))
    in_order = sorted(parcels, key=lambda one: (one.shipped_at, one.number, one.tracking_number))
    return Sheet(
        language=speech.language,
        title=say("Hand-over to the carrier"),
        number="",
        date=speech.date(leaving.day),
        stamp="",
        parties=(),
        facts=((say("Carrier"), carrier), *place, (say("Parcels"), str(len(parcels)))),
        columns=_columns(speech),
        rows=tuple(_row(n, parcel, speech) for n, parcel in enumerate(in_order, start=1)),
        sums=(),
        notes=(Block("", words),) if words else (),
        sign=(say("Handed over by"), say("Received for the carrier by"), say("Date and time")),
        footer=lines_of(own.footer.of(speech.language)),
        page=say("Page {n} of {of}"),
        empty=say("No parcels."),
    )


def _columns(speech: Speech) -> tuple[Column, ...]:
    say = speech.say
    return (
        Column("", "tick"),
        Column(say("No."), "place"),
        Column(say("Tracking number")),
        Column(say("Order"), "code"),
    )


def _row(n: int, parcel: Handed, speech: Speech) -> Row:
    under = filter(None, (parcel.to, _measured(parcel, speech)))
    return Row(("", str(n), parcel.tracking_number, parcel.number), tuple(under))


def _measured(parcel: Handed, speech: Speech) -> str:
    nth, of = parcel.nth
    told = [speech.say("Parcel %(n)d of %(of)d", n=nth, of=of)] if of > 1 else []
    told += [speech.weight(parcel.weight_grams)] if parcel.weight_grams else []
    if not told:
        return ""
    units = speech.say_many("%(n)d article", "%(n)d articles", parcel.units)
    return " · ".join((*told, units))
