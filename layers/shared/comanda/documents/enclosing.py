"""The paper that goes with a mail: the receipt with the mail of a payment. No fault of it keeps the mail."""

from collections.abc import Callable
from datetime import datetime, timedelta

from comanda.conversation.mime import Enclosure
from comanda.conversation.view import Sections
from comanda.documents.kinds import Format, Kind, hindrance
from comanda.documents.press import Press
from comanda.documents.printing import Wish, papers_of
from comanda.orders.decision import Loaded
from comanda.runtime.observe import logger, tally

MAILED = {"payment_received": Kind.RECEIPT}
REST = timedelta(seconds=20)  # after a fault the next mails of the same batch do not wait in their turn


class Enclosing:
    """`connect` finds the press on first use."""

    def __init__(self, connect: Callable[[], Press], now: Callable[[], datetime]) -> None:
        self._connect = connect
        self._now = now
        self._press: Press | None = None
        self._rests_until: datetime | None = None

    def needs(self, event: str) -> list[str]:
        """The settings that the paper of such a mail reads; none where no paper goes with it."""
        return ["documents"] if event in MAILED else []

    def enclosed(self, event: str, loaded: Loaded, sections: Sections) -> Enclosure | None:
        """The paper of a mail as PDF, in the order's language; None where none is wanted or can be had."""
        kind = MAILED.get(event)
        if kind is None or not sections["notifications"].receipt_paper or hindrance(kind, loaded.order):
            return None
        if not self._rests_until or self._now() >= self._rests_until:
            try:
                return self._set(kind, loaded, sections)
            except Exception:  # whatever it is: the customer is told of the payment
                logger.exception("a mail goes without its paper", extra={"order": loaded.order.order_id})
                self._rests_until = self._now() + REST
        tally("PapersMissing", kind=str(kind))
        return None

    def _set(self, kind: Kind, loaded: Loaded, sections: Sections) -> Enclosure:
        self._press = self._press or self._connect()
        papers = papers_of([(loaded, sections)], Wish(kind, _pages(Format(sections["documents"].format))))
        [sheet] = papers["sheets"]
        return Enclosure(f"{sheet['title']}-{sheet['number']}.pdf", self._press.pdf(papers))


def _pages(usual: Format) -> Format:
    """A customer has no printer for rolls."""
    return Format.LETTER if usual == Format.THERMAL else usual
