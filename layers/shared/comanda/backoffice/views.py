"""Saved views of the list: a name for a query, for oneself or for everybody at the shop."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from comanda.backoffice.staff import ADMIN, Staff
from comanda.dynamo.client import client
from comanda.dynamo.row import Row
from comanda.errors import Busy, Forbidden, Invalid, NotFound
from comanda.ids import NewId

SHARED = "shared"
MOST = 50  # views of one person, or of the shop
LONGEST_NAME, LONGEST_QUERY = 60, 1_500
ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class View:
    """`query` is the list's own query string; `owner` made it."""

    view_id: str
    name: str
    query: str
    owner: str
    shared: bool = False


class ViewsRow(Row):
    """`VIEWS#<person or shared>` in the Jobs table: all views of one owner, few and small."""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True, default="VIEWS")
    body = UnicodeAttribute(default="[]")
    version = NumberAttribute(default=0)
    schema = NumberAttribute(default=1)


class SavedViews:
    def __init__(self, table: str, new_id: NewId) -> None:
        ViewsRow.bind(table)
        self.new_id = new_id

    def of(self, staff: Staff) -> list[View]:
        """One's own views, then the shop's, each by name."""
        return [*_sorted(_read(staff.sub)[0]), *_sorted(_read(SHARED)[0])]

    def save(self, staff: Staff, name: str, query: str, *, shared: bool) -> View:
        """Keep a view; one of the same name among the same owner's is replaced. Raises Invalid."""
        name = " ".join(name.split())
        if not name or len(name) > LONGEST_NAME:
            raise Invalid.at("/name", f"a name has 1 to {LONGEST_NAME} characters")
        if len(query) > LONGEST_QUERY:
            raise Invalid.at("/name", "this choice is too long to be kept")
        view = View(self.new_id(), name, query, staff.sub, shared)

        def judge(found: list[View]) -> list[View]:
            same = next((one for one in found if one.name.casefold() == name.casefold()), None)
            if same and not _may_change(staff, same):
                raise Forbidden("somebody else shared a view of this name")
            kept = [one for one in found if one is not same]
            if len(kept) >= MOST:
                raise Invalid.at("/name", f"there are {MOST} views already; delete one first")
            return [*kept, view]

        _change(SHARED if shared else staff.sub, judge)
        return view

    def delete(self, staff: Staff, view_id: str) -> View:
        """Forget a view of one's own, or a shared one that one made; administrators any shared one.

        Raises NotFound, Forbidden.
        """
        view = next((one for one in self.of(staff) if one.view_id == view_id), None)
        if view is None:
            raise NotFound("no such view")
        if not _may_change(staff, view):
            raise Forbidden("only who shared a view, or an administrator, can delete it")
        keep: Callable[[list[View]], list[View]] = lambda found: [v for v in found if v.view_id != view_id]  # noqa: E731
        _change(SHARED if view.shared else staff.sub, keep)
        return view


def _may_change(staff: Staff, view: View) -> bool:
    return view.owner == staff.sub or ADMIN in staff.roles


def _sorted(views: list[View]) -> list[View]:
    return sorted(views, key=lambda view: view.name.casefold())


def _read(owner: str) -> tuple[list[View], int]:
    row = ViewsRow.read(f"VIEWS#{owner}", "VIEWS")
    found: list[dict[str, Any]] = json.loads(row.body) if row else []
    return [View(**one) for one in found], int(row.version) if row else 0


def _change(owner: str, judge: Callable[[list[View]], list[View]]) -> None:
    """Read, judge and write under the version that was read. Raises what `judge` raises, and Busy."""
    for _ in range(ATTEMPTS):
        before, version = _read(owner)
        row = ViewsRow(f"VIEWS#{owner}", "VIEWS", version=version + 1)
        row.body = json.dumps([asdict(view) for view in judge(before)], ensure_ascii=False)
        same = ViewsRow.version == version if version else ViewsRow.pk.does_not_exist()
        try:
            return ViewsRow.write(row, same)
        except client().exceptions.ConditionalCheckFailedException:
            continue
    raise Busy("these views keep changing")
