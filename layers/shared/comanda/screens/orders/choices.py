"""What can be done with an order, and why what cannot, cannot."""

from typing import Any

from comanda.conversation.speech import N_
from comanda.orders.guards import GUARDS
from comanda.orders.model import Order
from comanda.orders.vocabulary import UNPLACED
from comanda.screens.house.asked import Asked
from comanda.screens.orders import words

# Command as guarded → caption, and whether it opens a form (else it is sent at once).
COMMANDS: dict[str, tuple[str, bool]] = {
    "approve": (N_("Approve"), False),
    "mark-paid": (N_("Confirm a payment"), True),
    "capture": (N_("Take the authorised money"), True),
    "payment-method": (N_("Another way to pay"), True),
    "deposit-cheque": (N_("A cheque was deposited"), True),
    "clear-cheque": (N_("A cheque cleared"), True),
    "bounce-cheque": (N_("A cheque bounced"), True),
    "undo-cheque": (N_("Correct an entry about a cheque"), True),
    "pick": (N_("Pick"), True),
    "pack": (N_("Pack"), True),
    "short-pick": (N_("Not found on the shelf"), True),
    "ready-for-pickup": (N_("Ready for pickup"), True),
    "hand-over": (N_("Hand over"), False),
    "ship": (N_("Ship"), True),
    "edit": (N_("Change the order"), True),
    "promise": (N_("Change the promised date"), True),
    "hold": (N_("Put on hold"), True),
    "verify": (N_("Verify by phone"), False),
    "retry": (N_("Try again"), False),
    "refund": (N_("Give money back"), True),
    "bounce": (N_("A payment came back"), True),
    "undo-bounce": (N_("It stands after all"), True),
    "fee": (N_("Enter a fee"), True),
    "dispute": (N_("A payment is disputed"), True),
    "reject": (N_("Reject"), True),
    "cancel": (N_("Cancel the order"), True),
    "purge": (N_("Delete for good"), True),
}
ALWAYS: dict[str, tuple[str, bool]] = {
    "label": (N_("Change the label"), True),
    "assign": (N_("Assign"), True),
    "tag": (N_("Tags"), True),
    "repeat": (N_("Order the same again"), False),
}
GUARDED_AS = {"payment-method": "pay"}  # a command that is allowed when another is
DRAFT = N_("Write, place, quote or give up")
PAGES = {"hand-over": "hand-over"}  # commands with a page of their own, below the order's address
FETCHED = frozenset({"ready-for-pickup", "hand-over"})  # not mentioned where an order is sent
PERMISSIONS = {"purge": "orders.purge"}
FORMS = frozenset(
    {name for name, (_, form) in (COMMANDS | ALWAYS).items() if form} | {"release-hold", "resend-mail"}
)


def reason_against(command: str, order: Order, asked: Asked) -> str:
    """Why the command is refused now, in the reader's words; empty when it is not."""
    if not asked.staff.may(PERMISSIONS.get(command, "orders.write")):
        return asked.tongue.say("Only an administrator may do that.")
    guard = next(
        (one for one in GUARDS.get(GUARDED_AS.get(command, command), ()) if one.forbids(order)), None
    )
    return words.say(asked.tongue, words.GUARD, guard.name) if guard else ""


def choices(asked: Asked, order: Order, *, fetched: bool) -> dict[str, list[dict[str, Any]]]:
    """`{open: [{command, caption, form}], shut: [{caption, why}]}` in the order of an order's way. What is no
    order yet is written on a page of its own (`go`); what only a placed one knows is not mentioned, nor what
    is done with those alone that are `fetched`."""
    found: dict[str, list[dict[str, Any]]] = {"open": [], "shut": []}
    unplaced = order.lifecycle in UNPLACED
    if unplaced and asked.staff.may("orders.write"):
        found["open"].append({"go": "draft", "caption": asked.tongue.say(DRAFT)})
    for command, (caption, form) in (COMMANDS | ALWAYS).items():
        if command in FETCHED and not fetched:
            continue
        word, why = asked.tongue.say(caption), reason_against(command, order, asked)
        if why and unplaced and command in COMMANDS:
            continue
        if why:
            found["shut"].append({"caption": word, "why": why})
        elif command in PAGES:
            found["open"].append({"go": PAGES[command], "caption": word})
        else:
            found["open"].append({"command": command, "caption": word, "form": form})
    return found
