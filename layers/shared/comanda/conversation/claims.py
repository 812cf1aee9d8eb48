"""Send one mail under its claim, so that it goes out once or is shown as unresolved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from comanda.conversation.mime import Enclosure, Envelope, Recipient, address, message, tag
from comanda.conversation.post import Refused, Unresolved
from comanda.conversation.render import Rendered
from comanda.conversation.room import Post
from comanda.errors import Busy
from comanda.orders.decision import Outgoing
from comanda.orders.outbox import Outbox
from comanda.times import later, stamp

MOST_ATTEMPTS = 8
BACK_OFF_SECONDS = 20  # doubled with each attempt; a queue's next try must find the effect claimable
MOST_BACK_OFF = 900


@dataclass(frozen=True, slots=True)
class Parcel:
    """A rendered mail, who gets it, and whose effect it is. `order_id` is empty for a notice."""

    rendered: Rendered
    to: tuple[Recipient, ...]
    owner: str
    effect_id: str
    order_id: str
    enclosed: Enclosure | None = None


def send_claimed(parcel: Parcel, outbox: Outbox, post: Post, sender: str, now: datetime) -> str:
    """Claim, send, settle; answers what became of it.

    Raises Unsendable before the claim, and Busy when SES refused for the moment: the claim has been
    given back then and the message may come again.
    """
    envelope = Envelope(sender, parcel.to, parcel.owner, parcel.effect_id, parcel.order_id, now)
    raw = message(parcel.rendered, envelope, parcel.enclosed)
    claim = outbox.claim(parcel.owner, parcel.effect_id, at=stamp(now))
    if claim is None:
        return "not ours"
    try:
        message_id = post.send(raw, sender, _addresses(parcel.to), _tags(parcel))
    except Refused as refused:
        return _refused(refused, claim, parcel, outbox, now)
    except Unresolved as doubt:
        outbox.doubt(parcel.owner, claim, str(doubt))
        return "unknown"
    outbox.settle(parcel.owner, parcel.effect_id, {"message_id": message_id, "at": stamp(now)})
    return "sent"


def _refused(refused: Refused, claim: Outgoing, parcel: Parcel, outbox: Outbox, now: datetime) -> str:
    if not refused.passing or claim.attempts >= MOST_ATTEMPTS:
        outbox.fail(parcel.owner, parcel.effect_id, refused.reason)
        return "failed"
    wait = min(BACK_OFF_SECONDS * 2 ** (claim.attempts - 1), MOST_BACK_OFF)
    outbox.release(parcel.owner, claim, refused.reason, until=later(stamp(now), wait))
    raise Busy(f"SES does not take mail just now: {refused.reason}", retry_after=wait)


def _tags(parcel: Parcel) -> dict[str, str]:
    return {"order": tag(parcel.owner), "effect": tag(parcel.effect_id)}


def _addresses(to: Sequence[Recipient]) -> list[str]:
    return [str(address(one).addr_spec) for one in to]
