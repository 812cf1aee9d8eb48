"""Ask the customer to accept an open edit, by a link that does this one thing."""

from comanda.errors import WrongState
from comanda.orders.decision import Decision, Loaded, Sealed
from comanda.orders.desk import Decide
from comanda.orders.edits.desk import EditDesk, open_edit, worked_out_again
from comanda.orders.facts import Happened, Origin
from comanda.orders.mails import mail
from comanda.times import later


def asking_acceptance(edit_id: str, message: str, origin: Origin, desk: EditDesk) -> Decide:
    """Mail the link, with a word to the customer; asked again, it is mailed again and counts longer.

    Raises NotFound, WrongState (also for an edit that hands the order to somebody else), Stale.
    """

    def decide(loaded: Loaded) -> Decision:
        order, edit = loaded.order, open_edit(loaded, edit_id, "request-acceptance")
        if edit.moves_customer:
            raise WrongState("customer-changes", "a change of the customer is the shop's own to confirm")
        worked_out_again(loaded, edit, desk.reader)
        until = later(origin.at, desk.reader.checkout().edit_seconds)
        link = desk.links.issue("edit", order.order_id, edit_id, until)
        name = message_name(edit_id)
        sealed = {name: Sealed(message.strip(), desk.new_id())} if message.strip() else {}
        digests = {name: text.digest for name, text in sealed.items()}
        data = {"edit_id": edit_id, "until": until, "personal": digests}
        asked = mail(
            "order_edited", f"{edit_id}-ask-{order.facts + 1}", asks=edit_id, links={"edit": link.mark}
        )
        return Decision(
            facts=(Happened("EditAcceptanceAsked", data, "customer"),),
            effects=(asked,),
            personal=sealed,
            also=(link.write,),
            result={"edit_id": edit_id, "expires_at": until},
        )

    return decide


def message_name(edit_id: str) -> str:
    """The personal text with the shop's words on a proposed change."""
    return f"note:{edit_id}:asked"
