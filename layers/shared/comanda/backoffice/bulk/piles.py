"""What print jobs make of their orders: a paper of each or one list of all, in parts that are bound."""

from collections.abc import Mapping
from typing import Any, Protocol

from comanda.backoffice.bulk.bodies import PrintParams
from comanda.backoffice.bulk.bulking import Bulking
from comanda.backoffice.bulk.files import file_key, part_key
from comanda.backoffice.bulk.model import Job
from comanda.conversation.view import Sections
from comanda.crash import crash_point
from comanda.documents.kinds import Format, ListKind
from comanda.documents.lists import SETTINGS
from comanda.documents.printing import Judged, list_of, papers_of, wish_of
from comanda.errors import Problem
from comanda.times import moment

type Off = Mapping[str, Problem]  # orders that are not on the paper after all, and why
type Told = dict[str, Any]

NONE_OFF: Off = {}


class NotNow(Problem):
    """An order is not printed because of a fault that may pass; the others are."""

    type, status = "busy", 503


class Pile(Protocol):
    """What is made of the orders."""

    def add(self, order_id: str) -> None:
        """Raises what keeps the order off."""
        ...

    def part(self) -> Off:
        """So many orders are set together."""
        ...

    def end(self) -> Told:
        """What the job tells of its file; nothing without one."""
        ...


class Papers:
    """A paper of each order."""

    def __init__(self, params: PrintParams, file: "Parts") -> None:
        self._wish = wish_of(params.kind, params.format or "", params.lang or "")
        self._file = file
        self._orders: list[Judged] = []
        self._printed = 0

    def add(self, order_id: str) -> None:
        printing = self._file.at.printing()
        self._orders.append(printing.judged(order_id, self._wish.kind, self._file.settings))

    def part(self) -> Off:
        if self._orders:
            self._file.put(papers_of(self._orders, self._wish, self._file.at.printing().keys))
        self._printed += len(self._orders)
        self._orders = []
        return NONE_OFF

    def end(self) -> Told:
        return self._file.bound(self._wish.kind, self._printed)


class OneList:
    """All orders on one list, whose sheets are known at the end."""

    def __init__(self, params: PrintParams, file: "Parts") -> None:
        self._params = params
        self._file = file
        made_at = file.job.created_at
        about = (params.day or "", params.carrier or "", params.location or "")
        self._list = file.at.printing().listing(ListKind(params.kind), made_at, *about)

    def add(self, order_id: str) -> None:
        self._list.add(self._file.at.printing().loaded(order_id), self._file.settings(SETTINGS))

    def part(self) -> Off:
        """A list has no parts: one row sums up many orders."""
        return NONE_OFF

    def end(self) -> Told:
        format = Format(self._params.format) if self._params.format else None
        sections, made_at = self._file.settings(SETTINGS), self._file.job.created_at
        papers = list_of(self._list, sections, format, self._params.lang or "", made_at)
        for sheet in papers["sheets"]:  # one at a time: its rows may be as many as those of many orders
            self._file.put(papers | {"sheets": [sheet]})
        return self._file.bound(self._params.kind, len(papers["sheets"]))


class Parts:
    """The parts of a job's file, and the shop's settings as they are when it first asks for them: one file
    says one thing."""

    def __init__(self, job: Job, at: Bulking) -> None:
        self.job = job
        self.at = at
        self._keys: list[str] = []
        self._read = at.printing().settings.sections
        self._known: dict[str, Any] = {}

    def settings(self, names: list[str]) -> Sections:
        missing = [name for name in names if name not in self._known]
        if missing:
            self._known |= self._read(missing)
        return {name: self._known[name] for name in names}

    def put(self, papers: dict[str, Any]) -> None:
        """Papers set in type are the next part. Raises Busy."""
        self._keys.append(part_key(self.job.job_id, len(self._keys)))
        self.at.printing().press().keep(papers, self._keys[-1])
        crash_point("bulk.part_printed")

    def put_labels(self, keys: list[str]) -> set[str]:
        """Files of labels are the next part, unless some are none: then their keys. Raises Busy."""
        key = part_key(self.job.job_id, len(self._keys))
        unreadable = set(self.at.printing().press().bind_labels(keys, key))
        if not unreadable:
            self._keys.append(key)
            crash_point("bulk.part_printed")
        return unreadable

    def bound(self, kind: str, printed: int) -> Told:
        """All parts as one file of `printed` papers; nothing where there is no part. Raises Busy."""
        if not self._keys:
            return {}
        made = self.at.printing().press().bind(self._keys, file_key(self.job.job_id, "pdf"))
        told = {"file_name": self.named(kind, "pdf"), "size": made.size, "sha256": made.sha256}
        return told | {"papers": printed}

    def named(self, kind: str, ending: str) -> str:
        """What the file is called."""
        return f"{kind}-{moment(self.job.created_at):%Y%m%d-%H%M%S}.{ending}"
