"""The mail room: what sending a mail needs of the outside."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from comanda.conversation.mime import Enclosure
from comanda.conversation.urls import Urls
from comanda.conversation.view import Sections, Settings
from comanda.orders.decision import Loaded
from comanda.orders.facts import Fact
from comanda.orders.outbox import Outbox


class Orders(Protocol):
    def load(self, order_id: str) -> Loaded | None: ...

    def facts_until(self, order_id: str, revision: int) -> list[Fact]: ...


class Papers(Protocol):
    """Papers that go with mails."""

    def needs(self, event: str) -> list[str]:
        """The settings that the paper of such a mail reads; none where no paper goes with it."""
        ...

    def enclosed(self, event: str, loaded: Loaded, sections: Sections) -> Enclosure | None:
        """The paper, if the shop wants one and it can be had just now. Never raises: the mail goes out."""
        ...


class Post(Protocol):
    """Raises Refused (certainly not sent) or Unresolved (nobody knows)."""

    def send(self, raw: bytes, sender: str, recipients: Sequence[str], tags: Mapping[str, str]) -> str: ...


@dataclass(frozen=True, slots=True)
class MailRoom:
    """`notices` keeps the claims of mails that are not about an order."""

    orders: Orders
    outbox: Outbox
    notices: "Notices"
    settings: Settings
    post: Post
    papers: Papers
    urls: Callable[[], Urls]
    sender: str
    now: Callable[[], datetime]


class Notices(Protocol):
    """An outbox to which a notice can be added once."""

    @property
    def outbox(self) -> Outbox: ...

    def add(self, owner: str, effect_id: str, data: Mapping[str, Any], at: str) -> None: ...
