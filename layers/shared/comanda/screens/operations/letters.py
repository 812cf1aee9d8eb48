"""Dead letters: each queue with its count, what lies in it and why, sending back, discarding."""

from typing import Any

from comanda.backoffice.operations import letters as queues
from comanda.backoffice.operations.dead_letters import Dead
from comanda.backoffice.operations.standing import ENDED, GONE, OPEN, SETTLED
from comanda.conversation.speech import N_
from comanda.screens.house.answers import Answer, Goto, Screen
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.house.routing import House
from comanda.screens.operations.desk import OperationsDesk
from comanda.screens.operations.rooms import rooms

PAGE = "/operations/dead-letters"
LEAVE_MS = 8_000
NAMES = {
    queues.PAYMENT_EVENTS: N_("Notices of payment providers"),
    queues.PAYMENT_EFFECTS: N_("Captures, refunds and voids"),
    queues.LABEL_EFFECTS: N_("Shipping labels"),
    queues.LIFECYCLE_STARTS: N_("Starts of orders' workflows"),
    queues.MAIL: N_("Mails"),
    queues.CARRIER_EVENTS: N_("Notices of carriers"),
    queues.EXPORT_RUNS: N_("Exports"),
    queues.MAIL_EVENTS: N_("What became of mails"),
    queues.UNDELIVERED: N_("Messages that reached no queue"),
}
SAFE = {
    queues.PAYMENT_EVENTS: N_("Safe: the payment is read at its provider anew, and counts once."),
    queues.PAYMENT_EFFECTS: N_("Safe: it goes to the provider under its own key, which works once."),
    queues.LABEL_EFFECTS: N_("Safe: what was bought before is found at its carrier, and bought once."),
    queues.LIFECYCLE_STARTS: N_("Safe: an execution has one name and starts once."),
    queues.MAIL: N_("Safe: a mail is claimed before it is sent, so it goes out once."),
    queues.CARRIER_EVENTS: N_("Safe: a scan that is known changes nothing."),
    queues.EXPORT_RUNS: N_("Safe: a batch goes on where it was; a delivered one stays as it is."),
    queues.MAIL_EVENTS: N_("Safe: what is known of a mail changes nothing."),
    queues.UNDELIVERED: N_("Safe: each goes to the queue that it was meant for and counts once."),
}
KINDS = {
    "notice": N_("Notice of %(name)s"),
    "payment": N_("Payment: %(name)s"),
    "label": N_("Shipping label: %(name)s"),
    "run": N_("Start of an order's workflow"),
    "mail": N_("Mail: %(name)s"),
    "mail_event": N_("News of a mail: %(name)s"),
    "export_run": N_("Export batch for %(name)s"),
    "export_schedule": N_("Scheduled export"),
    "sweep": N_("Sweep"),
    "unreadable": N_("Cannot be read"),
}
STANDINGS = {
    OPEN: (N_("would be carried out"), "amber"),
    SETTLED: (N_("has happened meanwhile"), "green"),
    ENDED: (N_("waits for a person"), "red"),
    GONE: (N_("its order is gone"), "neutral"),
}
OUTCOMES = {
    "replayed": N_("The message is back in its queue."),
    "sent_before": N_("It had been sent back before; now it is taken away here, and was not sent again."),
    "perhaps_twice": N_("It is back in its queue. An earlier try may have sent it, too: it counts once."),
}


def hang_letters(house: House, desk: OperationsDesk) -> None:
    @house.get(PAGE, "operations.read")
    def overview(asked: Asked) -> Answer:
        rows = [
            {
                "queue": one.queue,
                "name": NAMES[one.queue],
                "safe": SAFE[one.queue],
                "count": one.count + one.in_hand,
            }
            for one in desk.dead_letters().queues()
        ]
        return Screen("operations/queues.html.j2", {"rows": rows, "rooms": rooms(asked), "to": BASE + PAGE})

    @house.get(f"{PAGE}/<queue>", "operations.read")
    def queue(asked: Asked, queue: str) -> Answer:
        letters = desk.dead_letters()
        found = letters.look(queue)
        counted = next(one for one in letters.queues() if one.queue == queue)
        values = {
            "rooms": rooms(asked),
            "name": NAMES[queue],
            "safe": SAFE[queue],
            "count": max(counted.count + counted.in_hand, len(found)),
            "rows": [_row(asked, one) for one in found],
            "to": f"{BASE}{PAGE}/{queue}",
        }
        return Screen("operations/letters.html.j2", values)

    @house.post(f"{PAGE}/<queue>/replay", "operations.write")
    def replay_all(asked: Asked, queue: str) -> Answer:
        counts = desk.dead_letters().replay_all(queue, asked.origin, asked.time_left(LEAVE_MS))
        return Goto(f"{BASE}{PAGE}/{queue}", _told(asked, counts))

    @house.post(f"{PAGE}/<queue>/<message_id>/replay", "operations.write")
    def replay(asked: Asked, queue: str, message_id: str) -> Answer:
        outcome = desk.dead_letters().replay(queue, message_id, asked.origin)
        return Goto(f"{BASE}{PAGE}/{queue}", asked.tongue.say(OUTCOMES[outcome]))

    @house.post(f"{PAGE}/<queue>/<message_id>/discard", "operations.write")
    def discard(asked: Asked, queue: str, message_id: str) -> Answer:
        desk.dead_letters().discard(queue, message_id, asked.field("reason"), asked.origin)
        return Goto(f"{BASE}{PAGE}/{queue}", asked.tongue.say("The message is discarded."))


def _row(asked: Asked, one: Dead) -> dict[str, Any]:
    told = one.to_dict()
    word, kind = STANDINGS[one.standing.state]
    name = told["name"] or one.letter.name or one.letter.batch_id
    return told | {
        "title": asked.tongue.say(KINDS[one.letter.what], name=name or "–"),
        "word": asked.tongue.say(word),
        "kind": kind,
    }


def _told(asked: Asked, counts: dict[str, int]) -> str:
    tongue = asked.tongue
    sent = counts["replayed"] + counts["perhaps_twice"]
    told = [
        tongue.say_many(
            "%(n)s message is back in its queue.", "%(n)s messages are back in their queues.", sent
        )
    ]
    if counts["sent_before"]:
        told.append(tongue.say("%(n)s had been sent before.", n=tongue.number(counts["sent_before"])))
    if counts["left"]:
        told.append(tongue.say("%(n)s belong to no queue and stay.", n=tongue.number(counts["left"])))
    return " ".join(told)
