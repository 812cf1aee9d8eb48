"""Messages that were given up: count them, look at them, send them back to their queue, discard them.

A message leaves its dead letters only after it has been taken by the queue it goes back to, so none is lost
in between. Each is noted before and after it is sent (`replays`): a try that died is known, and what may have
been sent before says so. Sending one twice does no harm: every consumer counts by the identity of the effect.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from comanda.backoffice.operations.audit import AuditLog
from comanda.backoffice.operations.letters import Letter, read_letter
from comanda.backoffice.operations.replays import SENDING, SENT, ReplayNotes
from comanda.backoffice.operations.standing import Records, Standing
from comanda.crash import crash_point
from comanda.errors import Invalid, NotFound, WrongState
from comanda.origin import Origin
from comanda.times import stamp

LOOKED_AT = 10  # messages shown at once: one request
HOLD_SECONDS = 30  # for which a message is hidden while it is in our hands
ROUNDS = 8  # of ten messages each, in which a named one is looked for
MOST_AT_ONCE = 200
KEPT = timedelta(days=14)
LONGEST_REASON = 300

type Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many messages lie in a queue of dead letters; `in_hand` of them are just being looked at."""

    queue: str
    count: int
    in_hand: int


@dataclass(frozen=True, slots=True)
class Dead:
    """A message that was given up, without its body."""

    message_id: str
    queue: str
    since: str
    forgotten_at: str
    letter: Letter
    standing: Standing

    def to_dict(self) -> dict[str, Any]:
        letter, standing = self.letter, self.standing
        return {
            "message_id": self.message_id,
            "since": self.since,
            "forgotten_at": self.forgotten_at,
            "what": letter.what,
            "name": standing.name or letter.name or None,
            "order_id": standing.order_id or letter.order_id or None,
            "effect_id": letter.effect_id or None,
            "notice_id": letter.notice_id or None,
            "batch_id": letter.batch_id or None,
            "standing": standing.state,
            "why": standing.why or None,
            "goes_to": letter.goes_to or None,
        }


class DeadLetters:
    """`dead` and `alive` hold the addresses of the queues by their codes; `connect` makes the SQS client."""

    def __init__(
        self,
        connect: Callable[[], Any],
        dead: Mapping[str, str],
        alive: Mapping[str, str],
        records: Records,
        notes: ReplayNotes,
        audit: AuditLog,
        now: Callable[[], datetime],
    ) -> None:
        self.connect = connect
        self.dead = dead
        self.alive = alive
        self.records = records
        self.notes = notes
        self.audit = audit
        self.now = now

    def queues(self) -> list[Waiting]:
        """Every queue of dead letters with its count; one request each."""
        sqs, names = self.connect(), ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = []
        for queue, url in self.dead.items():
            said = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
            found.append(Waiting(queue, *(int(said.get(name, 0)) for name in names)))
        return found

    def look(self, queue: str) -> list[Dead]:
        """Some of the messages, oldest first; they are visible again at once. Raises NotFound."""
        messages = self._take(self._url(queue), wait=1)
        self._let_go(self._url(queue), messages)
        return sorted((self._told(queue, one) for one in messages), key=lambda one: one.since)

    def replay(self, queue: str, message_id: str, origin: Origin) -> str:
        """Send one back: `replayed`, `sent_before` (only taken away now), or `perhaps_twice`.

        Raises NotFound for a message that is not there any more or in somebody's hands, WrongState for
        one that belongs to no queue.
        """
        message = self._find(queue, message_id)
        try:
            return self._send_back(queue, message, origin)
        except WrongState:
            self._let_go(self._url(queue), [message])
            raise

    def replay_all(self, queue: str, origin: Origin, more_time: Callable[[], bool]) -> dict[str, int]:
        """Send back what there is, as long as there is time; counts by outcome. `left` belong to no queue."""
        counts = {"replayed": 0, "sent_before": 0, "perhaps_twice": 0, "left": 0}
        url, kept = self._url(queue), []
        while sum(counts.values()) < MOST_AT_ONCE and more_time():
            messages = self._take(url, wait=1)
            if not messages:
                break
            for message in messages:
                try:
                    counts[self._send_back(queue, message, origin)] += 1
                except WrongState:
                    counts["left"] += 1
                    kept.append(message)
        self._let_go(url, kept)
        return counts

    def discard(self, queue: str, message_id: str, reason: str, origin: Origin) -> Dead:
        """Throw one away for good. Raises Invalid without a reason, NotFound."""
        if not reason or len(reason) > LONGEST_REASON:
            raise Invalid.at("/reason", f"say why, in at most {LONGEST_REASON} characters")
        message = self._find(queue, message_id)
        told = self._told(queue, message)
        self._note(origin, "discarded", told, reason)
        self._delete(queue, message)
        return told

    # -- in hand -----------------------------------------------------------------------------------

    def _send_back(self, queue: str, message: Message, origin: Origin) -> str:
        letter = read_letter(queue, message["Body"])
        if letter.goes_to not in self.alive:
            raise WrongState("nowhere-to-replay", "this message belongs to no queue: discard it")
        before = self.notes.begin(queue, message["MessageId"], self.now())
        if before != SENT:
            detail = f"{letter.what} {message['MessageId']}"
            self.audit.add(origin, "replayed", f"queue:{queue}", order_id=letter.order_id, detail=detail)
            crash_point("dead_letter.noted")
            self.connect().send_message(QueueUrl=self.alive[letter.goes_to], MessageBody=message["Body"])
            crash_point("dead_letter.sent")
            self.notes.sent(queue, message["MessageId"], self.now())
            crash_point("dead_letter.written")
        self._delete(queue, message)
        return {SENT: "sent_before", SENDING: "perhaps_twice"}.get(before, "replayed")

    def _find(self, queue: str, message_id: str) -> Message:
        url, others = self._url(queue), []
        try:
            for _ in range(ROUNDS):
                messages = self._take(url, wait=1)
                others += [one for one in messages if one["MessageId"] != message_id]
                for message in messages:
                    if message["MessageId"] == message_id:
                        return message
                if not messages:
                    break
            raise NotFound("this message is not there any more, or somebody has it in hand: look again")
        finally:
            self._let_go(url, others)

    def _take(self, url: str, wait: int) -> list[Message]:
        answer = self.connect().receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=LOOKED_AT,
            VisibilityTimeout=HOLD_SECONDS,
            WaitTimeSeconds=wait,
            AttributeNames=["SentTimestamp"],
        )
        return list(answer.get("Messages", []))

    def _let_go(self, url: str, messages: Iterable[Message]) -> None:
        for message in messages:
            self.connect().change_message_visibility(
                QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
            )

    def _delete(self, queue: str, message: Message) -> None:
        self.connect().delete_message(QueueUrl=self._url(queue), ReceiptHandle=message["ReceiptHandle"])

    def _url(self, queue: str) -> str:
        if queue not in self.dead:
            raise NotFound("there is no such queue of dead letters")
        return self.dead[queue]

    def _told(self, queue: str, message: Message) -> Dead:
        letter = read_letter(queue, message["Body"])
        since = datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC)
        standing = self.records.standing(letter)
        return Dead(message["MessageId"], queue, stamp(since), stamp(since + KEPT), letter, standing)

    def _note(self, origin: Origin, action: str, told: Dead, reason: str) -> None:
        order_id = told.standing.order_id or told.letter.order_id
        detail = f"{told.letter.what} {told.message_id}: {reason}"
        self.audit.add(origin, action, f"queue:{told.queue}", order_id=order_id, detail=detail)
