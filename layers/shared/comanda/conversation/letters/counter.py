"""Mails about what customers fetch themselves: it is there, it still waits, somebody has it."""

from comanda.conversation.letter import Block, Code, Letter, contents, facts
from comanda.conversation.letters import goods
from comanda.conversation.letters.occasion import Occasion
from comanda.conversation.mime import Unsendable
from comanda.conversation.pickup import PickupView
from comanda.orders.pickups import handed


def ready_for_pickup(on: Occasion) -> Letter:
    """Where it is, until when, what it is, and the code to show there (D19)."""
    pickup = _waiting(on)
    whole = sum(units for units, _ in pickup.contents) >= on.view.articles
    return on.letter(
        on.say("%(shop)s: order %(number)s is ready for pickup"),
        on.say("Your order %(number)s is ready for pickup.")
        if whole
        else on.say("Part of your order %(number)s is ready for pickup."),
        _to_pay(on),
        button=on.see_order(),
        blocks=_blocks(on, pickup),
    )


def pickup_reminder(on: Occasion) -> Letter:
    """Once, while it still waits."""
    pickup = _waiting(on)
    return on.letter(
        on.say("%(shop)s: order %(number)s waits for you"),
        on.say("Your order %(number)s still waits for you at the shop."),
        _to_pay(on),
        button=on.see_order(),
        blocks=_blocks(on, pickup),
    )


def delivered(on: Occasion) -> Letter:
    """A parcel that arrived, or goods that somebody has fetched: who it was."""
    name = on.data.get("hand_over_id")
    given = next((one for one in handed(on.view.order) if one.hand_over_id == name), None)
    if given is None:
        return goods.delivered(on)
    names = {line.line_id: line.name for line in on.view.order.lines}
    rows = tuple((one.quantity, names.get(one.line_id, one.sku)) for one in given.lines)
    return on.letter(
        on.say("%(shop)s: order %(number)s was picked up"),
        on.say("Your order %(number)s was picked up."),
        on.say("If that was neither you nor somebody you sent, tell the shop at once."),
        button=on.see_order(),
        blocks=(
            *facts(
                on.say("Pickup"),
                (on.say("Fetched by"), str(on.texts.get(given.name) or "")),
                (on.say("Date and time"), on.view.speech.moment(given.at)),
            ),
            *contents(on.say("What was handed over"), rows),
        ),
    )


def _waiting(on: Occasion) -> PickupView:
    if on.view.pickup is None:
        raise Unsendable("nothing of the order waits at the counter")
    return on.view.pickup


def _to_pay(on: Occasion) -> str:
    view = on.view
    due = on.say("Still to pay: %(due)s by %(method)s.", due=view.due, method=view.method)
    return due if view.due_amount else ""


def _blocks(on: Occasion, pickup: PickupView) -> tuple[Block, ...]:
    hint = on.say("Show this code at the counter. Whoever has it may take the order with them.")
    code = (Code(on.say("Your pickup code"), pickup.code, hint),) if pickup.code else ()
    place = facts(
        on.say("Where and until when"),
        (on.say("Place"), pickup.place),
        (on.say("Opening hours"), pickup.hours),
        (on.say("Until"), pickup.until),
    )
    return (*code, *place, *contents(on.say("What waits for you"), pickup.contents))
