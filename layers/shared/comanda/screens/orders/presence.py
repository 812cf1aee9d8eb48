"""Who else has an order open: a note per person and order, forgotten by itself a moment after they leave."""

from collections.abc import Callable
from datetime import datetime, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from comanda.dynamo.client import client
from comanda.dynamo.row import Row
from comanda.screens.house.answers import Answer, Screen
from comanda.screens.house.asked import Asked
from comanda.screens.house.routing import House
from comanda.times import stamp

HERE = timedelta(seconds=90)  # three looks of a page that is seen
WRITTEN_EVERY = timedelta(seconds=45)  # so an open page writes 80 times an hour at the most
MOST = 10  # people are read
LONGEST_NAME = 80


class HereRow(Row):
    """`HERE#<order id>` and the person's id, in the table of sessions."""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    name = UnicodeAttribute()
    seen_at = UnicodeAttribute()
    expires_at = NumberAttribute()
    schema = NumberAttribute(default=1)


class Presence:
    def __init__(self, table: str) -> None:
        self.table = table
        HereRow.bind(table)

    def look_in(self, order_id: str, sub: str, name: str, now: datetime) -> list[str]:
        """Note that somebody has the order open, and answer the names of the others, who came last first.

        One eventually consistent Query, and a write only when one's own note is about to grow old.
        """
        answer = client().query(
            TableName=self.table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"HERE#{order_id}"}},
            Limit=MOST,
        )
        rows = [HereRow.from_raw_data(item) for item in answer["Items"]]
        own = next((row for row in rows if row.sk == sub), None)
        if own is None or own.seen_at <= stamp(now - WRITTEN_EVERY):
            gone = int((now + HERE).timestamp())
            HereRow.write(HereRow(f"HERE#{order_id}", sub, name=name, seen_at=stamp(now), expires_at=gone))
        others = [row for row in rows if row.sk != sub and row.seen_at > stamp(now - HERE)]
        return [row.name for row in sorted(others, key=lambda row: row.seen_at, reverse=True)]


def called(asked: Asked, names: Callable[[str], tuple[str, ...]]) -> str:
    """What colleagues know somebody by: the name in the settings, else the beginning of the address."""
    actor = asked.staff.actor
    known = next((name for name in names(actor) if name != actor), "")
    return (known or asked.session.email.partition("@")[0] or asked.session.username)[:LONGEST_NAME]


def said(asked: Asked, others: list[str]) -> str:
    """One line, empty when one is alone."""
    if not others:
        return ""
    if len(others) == 1:
        return asked.tongue.say("%(name)s is in this order", name=others[0])
    if len(others) == 2:
        return asked.tongue.say("%(one)s and %(other)s are in this order", one=others[0], other=others[1])
    return asked.tongue.say("%(name)s and %(n)s others are in this order", name=others[0], n=len(others) - 1)


def hang_presence(
    house: House, presence: Callable[[], Presence], names: Callable[[str], tuple[str, ...]]
) -> None:
    @house.post("/orders/<order_id>/here", "orders.read")
    def here(asked: Asked, order_id: str) -> Answer:
        """Asked by an open page that is being looked at; there is no page of it without script."""
        others = presence().look_in(order_id, asked.staff.sub, called(asked, names), asked.now)
        return Screen("orders/here.html.j2", {"others": said(asked, others)})
