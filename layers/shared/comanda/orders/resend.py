"""A mail of an order is sent once more: a person decides, and the history says so."""

from comanda.errors import NotFound, WrongState
from comanda.orders.decision import Decision, Effect, Loaded, Outgoing
from comanda.orders.desk import Decide
from comanda.orders.facts import Happened
from comanda.orders.guards import check
from comanda.orders.mails import reaches_nobody
from comanda.orders.undo import skipped

# Their links are made anew by commands of their own, which also end the older ones.
WITH_OWN_LINK = frozenset({"verification", "quotation"})


def resending(effect_id: str) -> Decide:
    """Want a mail again that was sent, failed, or of which nobody knows: the same words, to whom the event
    is told today. `result.mail` names it.

    Raises NotFound, and WrongState: `mail-under-way` while any copy of it waits or is being sent, so that
    it never goes out twice without somebody wanting it; `mail-not-sent` for one that was left out;
    `mail-has-own-way` for those that ask by a link; `no-mail-address`.
    """

    def decide(loaded: Loaded) -> Decision:
        check("resend-mail", loaded.order)
        mails = [one for one in loaded.effects if one.kind == "mail"]
        meant = next((one for one in mails if one.effect_id == effect_id), None)
        if meant is None:
            raise NotFound(f"this order has no mail {effect_id!r}")
        copies = [one for one in mails if first_of(one) == first_of(meant)]
        _may_go_again(meant, copies)
        name = f"{first_of(meant)}-again{len(copies)}"
        told = {"again": first_of(meant), "as_of": meant.data.get("as_of") or meant.revision}
        again = Effect(name, "mail", {**meant.data, **told})
        if reaches_nobody(again, loaded.order):
            raise WrongState("no-mail-address", "the customer has no e-mail address: tell them by telephone")
        fact = Happened("MailsWantedAgain", {"mails": [name]})
        return Decision(facts=(fact,), effects=(again,), result={"mail": name})

    return decide


def first_of(mail: Outgoing) -> str:
    """The mail that this one repeats; itself, if none."""
    return str(mail.data.get("again") or mail.effect_id)


def _may_go_again(meant: Outgoing, copies: list[Outgoing]) -> None:
    if meant.data.get("event") in WITH_OWN_LINK or meant.data.get("asks"):
        raise WrongState("mail-has-own-way", "it asks by a link that is made anew by a command of its own")
    if any(one.state in ("wanted", "claimed") for one in copies):
        raise WrongState("mail-under-way", "it is about to be sent, or being sent just now")
    if skipped(meant):
        raise WrongState("mail-not-sent", f"it was left out: {meant.result['skipped']}")
