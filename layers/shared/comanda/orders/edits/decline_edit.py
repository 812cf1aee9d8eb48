"""Drop an open edit: by staff, or by the customer who was asked."""

from comanda.orders.decision import Decision, Loaded, Sealed
from comanda.orders.desk import Decide
from comanda.orders.edits.desk import EditDesk, open_edit
from comanda.orders.facts import Happened


def declining(edit_id: str, reason: str, desk: EditDesk, *, by: str) -> Decide:
    """Nothing of the edit stays but its history. Raises NotFound, WrongState."""

    def decide(loaded: Loaded) -> Decision:
        edit = open_edit(loaded, edit_id, "decline-edit")
        name = f"note:{edit_id}:declined"
        sealed = {name: Sealed(reason.strip(), desk.new_id())} if reason.strip() else {}
        digests = {name: text.digest for name, text in sealed.items()}
        seen = "customer" if edit.asked_until else "internal"
        fact = Happened("EditDeclined", {"edit_id": edit_id, "by": by, "personal": digests}, seen)
        return Decision(facts=(fact,), personal=sealed, forgotten=edit.texts, result={"edit_id": edit_id})

    return decide
