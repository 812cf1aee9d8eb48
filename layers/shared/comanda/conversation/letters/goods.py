"""Mails about parcels: one is ready to leave, one left, one arrived."""

from comanda.conversation.letter import Block, Button, Letter, contents, facts
from comanda.conversation.letters.occasion import Occasion
from comanda.conversation.mime import Unsendable
from comanda.conversation.parcels import ParcelView
from comanda.orders.delivery_status import ready_to_leave
from comanda.orders.vocabulary import Fulfilment


def order_ready(on: Occasion) -> Letter:
    """What is ready to leave, where it goes and where to follow it (E12)."""
    view, number = on.view, on.data["delivery"]
    work = next((one for one in ready_to_leave(view.order) if one.delivery.number == number), None)
    if work is None:
        raise Unsendable("the delivery order is not ready to leave")
    inside = tuple((one.own.open, one.line.name) for one in work.lines if one.own.open)
    whole = sum(units for units, _ in inside) >= view.articles
    return on.letter(
        on.say("%(shop)s: order %(number)s is ready to leave")
        if whole
        else on.say("%(shop)s: part of order %(number)s is ready to leave"),
        on.say("Your order %(number)s is ready to leave.")
        if whole
        else on.say("Part of your order %(number)s is ready to leave."),
        on.say("You can follow it on the page of your order."),
        button=on.see_order(),
        blocks=(
            *contents(on.say("What is ready"), inside),
            *facts(on.say("Delivery"), (on.say("Ship to"), "\n".join((view.contact.name, *view.shipping)))),
        ),
    )


def shipped(on: Occasion) -> Letter:
    """What left, with whom, when it comes, where to follow it (C23, D14)."""
    view, parcels = on.view, on.parcels()
    if len(parcels) > 1:
        return _consignment(on, parcels)
    parcel = parcels[0] if parcels else None
    whole = view.order.fulfilment in (Fulfilment.SHIPPED, Fulfilment.DELIVERED) and len(view.parcels) == 1
    return on.letter(
        on.say("%(shop)s: order %(number)s is on its way"),
        _leaving(on, parcel, whole=whole),
        button=_follow(on, parcel),
        blocks=(
            *_parcel_facts(on, parcel),
            *contents(on.say("In this parcel"), parcel.contents if parcel else ()),
            *contents(on.say("Still to come"), view.to_come),
        ),
    )


def _consignment(on: Occasion, parcels: tuple[ParcelView, ...]) -> Letter:
    """Several parcels that left together, with what is in each (F17)."""
    view, n = on.view, len(parcels)
    whole = not view.to_come and n == len(view.parcels)
    ways = [Button(f"{on.say('Track the parcel')}: {one.counted}", one.tracking_url) for one in parcels]
    return on.letter(
        on.say("%(shop)s: order %(number)s is on its way"),
        on.say("Your order %(number)s is on its way in %(n)d parcels.", n=n)
        if whole
        else on.say("%(n)d parcels of your order %(number)s are on their way.", n=n),
        button=on.see_order(),
        more=tuple(way for way in ways if way.url),
        blocks=(
            *(block for one in parcels for block in _counted(on, one)),
            *facts(on.say("Delivery"), (on.say("Ship to"), "\n".join(parcels[0].address))),
            *contents(on.say("Still to come"), view.to_come),
        ),
    )


def _counted(on: Occasion, parcel: ParcelView) -> tuple[Block, ...]:
    """One parcel of several, without the address that they share."""
    return (
        *facts(
            parcel.counted,
            (on.say("Carrier"), parcel.carrier),
            (on.say("Tracking number"), parcel.tracking_number),
            (on.say("Expected"), parcel.expected),
        ),
        *contents(f"{parcel.counted}: {on.say('what is in it')}", parcel.contents),
    )


def delivered(on: Occasion) -> Letter:
    view, parcel = on.view, on.parcel()
    everything = view.order.fulfilment == Fulfilment.DELIVERED
    return on.letter(
        on.say("%(shop)s: order %(number)s delivered")
        if everything
        else on.say("%(shop)s: a parcel of order %(number)s delivered"),
        on.say("Your order %(number)s has been delivered.")
        if everything
        else on.say("A parcel of your order %(number)s has been delivered."),
        on.say("If something is missing or damaged, tell the shop.")
        if everything
        else on.say("The rest is to come; we tell you when it moves."),
        button=on.see_order(),
        blocks=(
            *_parcel_facts(on, parcel),
            *contents(on.say("In this parcel"), parcel.contents if parcel else ()),
            *contents(on.say("Still to come"), view.to_come),
        ),
    )


def promise_changed(on: Occasion) -> Letter:
    """What the customer waits for comes on another day (D22)."""
    view, meant = on.view, on.data["lines"]
    day = view.speech.date(str(on.data["promised_at"]))
    waiting = ((one.backordered, one.name) for one in view.order.lines if one.line_id in meant)
    return on.letter(
        on.say("%(shop)s: a new date for order %(number)s"),
        on.say("Part of your order %(number)s waits for stock. We now expect it on %(day)s.", day=day),
        on.say("There is nothing for you to do: we tell you when it leaves."),
        button=on.see_order(),
        blocks=contents(on.say("What you are waiting for"), tuple(one for one in waiting if one[0])),
        closing=(on.say("If that is too late for you, tell the shop."),),
    )


def _leaving(on: Occasion, parcel: ParcelView | None, *, whole: bool) -> str:
    day = parcel.expected if parcel else ""
    if whole and day:
        return on.say("Your order %(number)s is on its way and arrives on %(day)s.", day=day)
    if whole:
        return on.say("Your order %(number)s is on its way.")
    if day:
        return on.say("A parcel of your order %(number)s is on its way and arrives on %(day)s.", day=day)
    return on.say("A parcel of your order %(number)s is on its way.")


def _follow(on: Occasion, parcel: ParcelView | None) -> Button:
    if parcel and parcel.tracking_url:
        return Button(on.say("Track the parcel"), parcel.tracking_url)
    return on.see_order()


def _parcel_facts(on: Occasion, parcel: ParcelView | None) -> tuple[object, ...]:
    if parcel is None:
        return ()
    title = parcel.title if len(on.view.parcels) > 1 else on.say("Parcel")
    return facts(
        title,
        (on.say("Carrier"), parcel.carrier),
        (on.say("Tracking number"), parcel.tracking_number),
        (on.say("Expected"), parcel.expected),
        (on.say("Delivered"), parcel.delivered),
        (on.say("Ship to"), "\n".join(parcel.address)),
    )
