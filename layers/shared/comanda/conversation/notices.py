"""Mails to the merchant that are not about one order: written down once, then sent under a claim."""

from collections.abc import Mapping
from typing import Any

from comanda.conversation.claims import Parcel, send_claimed
from comanda.conversation.letters.merchant import export_failed
from comanda.conversation.mime import Recipient, Unsendable
from comanda.conversation.notice_book import PREFIX
from comanda.conversation.render import render_letter
from comanda.conversation.room import MailRoom
from comanda.conversation.view import shop_view, speech_for
from comanda.times import stamp


def send_export_failed(data: Mapping[str, Any], room: MailRoom) -> str:
    """Tell the merchant that a batch did not reach its destination; once per batch.

    `data` names batch_id, destination and problem. Answers and raises as `send_mail` does.
    """
    owner, now = f"{PREFIX}{data['batch_id']}", room.now()
    room.notices.add(owner, "export_failed", data, stamp(now))
    sections = room.settings.sections(["shop", "notifications"])
    to = tuple(Recipient(address) for address in sections["notifications"].merchant_addresses)
    if not to:
        room.notices.outbox.skip(owner, "export_failed", "nobody to send it to")
        return "skipped"
    speech = speech_for(sections, sections["notifications"].merchant_locale)
    rendered = render_letter(export_failed(speech, shop_view(sections), dict(data)))
    try:
        parcel = Parcel(rendered, to, owner, "export_failed", "")
        return send_claimed(parcel, room.notices.outbox, room.post, room.sender, now)
    except Unsendable as problem:
        room.notices.outbox.fail(owner, "export_failed", str(problem))
        return "failed"
