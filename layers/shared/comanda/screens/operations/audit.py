"""Who did what: deeds of the staff by kind, person, order and day."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from comanda.backoffice.operations.deeds import KINDS, OPERATIONS, ORDERS, SETTINGS, Deed, Wanted
from comanda.conversation.speech import N_
from comanda.errors import Invalid
from comanda.screens.house.answers import Answer, Screen
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.house.people import colleague
from comanda.screens.house.routing import House
from comanda.screens.operations.desk import OperationsDesk
from comanda.screens.operations.rooms import rooms
from comanda.screens.orders.told import FACTS
from comanda.times import stamp

PAGE = "/operations/audit"
NAMES = {ORDERS: N_("Orders"), SETTINGS: N_("Settings"), OPERATIONS: N_("Operations")}
ACTIONS = {
    "changed": N_("changed"),
    "paused": N_("paused"),
    "resumed": N_("resumed"),
    "replayed": N_("sent back"),
    "discarded": N_("discarded"),
    "redriven": N_("tried again"),
}


def hang_audit(house: House, desk: OperationsDesk) -> None:
    @house.get(PAGE, "audit.read")
    def search(asked: Asked) -> Answer:
        kind = asked.word("kind", ORDERS)
        zone = ZoneInfo(asked.tongue.speech.time_zone)
        since, until = _day(asked, "from", zone), _day(asked, "to", zone)
        wanted = Wanted(
            kind,
            actor=asked.word("actor").strip(),
            order=asked.word("order").strip(),
            since=stamp(since) if since else "",
            until=stamp(until + timedelta(days=1)) if until else "~",
            cursor=asked.word("cursor"),
        )
        found = desk.deeds().search(wanted)
        values = {
            "rooms": rooms(asked),
            "kinds": [_tab(asked, code, kind) for code in KINDS],
            "kind": kind,
            "rows": [_row(asked, deed, desk) for deed in found.deeds],
            "who": colleague(asked, desk.staff_names, wanted.actor) if wanted.actor else "",
            "searched_to": found.searched_to,
            "first": asked.address(cursor=None) if wanted.cursor else "",
            "next": asked.address(cursor=found.next) if found.next else "",
            "me": asked.address(actor=asked.staff.actor, cursor=None),
            "anyone": asked.address(actor=None, cursor=None),
        }
        return Screen("operations/audit.html.j2", values)


def _day(asked: Asked, name: str, zone: ZoneInfo) -> datetime | None:
    """The beginning of a day in the shop's time zone. Raises Invalid."""
    text = asked.word(name)
    if not text:
        return None
    try:
        return datetime.combine(datetime.strptime(text, "%Y-%m-%d").date(), time(), zone)  # noqa: DTZ007
    except (ValueError, OverflowError):
        raise Invalid.at(f"/{name}", "takes a day, as 2026-11-22") from None


def _tab(asked: Asked, code: str, here: str) -> dict[str, object]:
    address = asked.address(kind=code, cursor=None, order=None)
    return {"word": asked.tongue.say(NAMES[code]), "count": None, "address": address, "here": code == here}


def _row(asked: Asked, deed: Deed, desk: OperationsDesk) -> dict[str, Any]:
    say = asked.tongue.say
    word = ACTIONS.get(deed.what) or FACTS.get(deed.what)
    return deed.to_dict() | {
        "who": colleague(asked, desk.staff_names, deed.actor),
        "by": asked.address(actor=deed.actor, cursor=None),
        "what": say(word) if word else deed.what,
        "fact": f"{BASE}/orders/{deed.order_id}/facts/{deed.seq}" if deed.seq else "",
    }
