"""The register of screens: every address of the back office that shows a page, found by the house itself.

A new route is covered as soon as it is hung. A test fails when a named part of its address is not known
here (say in PARTS what stands there) or when it answers no page (say why in NOT_PAGES).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from functions.back_office.app import house
from tests.web.scene import Scene

type Find = Callable[[Scene], str]

PART = re.compile(r"<(\w+)>")

# What stands at a named part: by its name, or by route and name where it means something else there.
PARTS: dict[str, Find] = {
    "order_id": lambda scene: scene.order,
    "/orders/<order_id>/draft order_id": lambda scene: scene.draft,
    "event": lambda scene: "paid",
    "seq": lambda scene: "1",
    "job_id": lambda scene: scene.job,
    "batch_id": lambda scene: scene.batch,
    "sku": lambda scene: scene.sku,
    "customer_id": lambda scene: scene.customer,
    "into": lambda scene: scene.other_customer,
    "day": lambda scene: datetime.now(UTC).date().isoformat()[:8] + "01",
    "provider": lambda scene: "stripe",
    "ref": lambda scene: scene.payout,
    "statement_id": lambda scene: scene.statement[0],
    "entry_id": lambda scene: scene.statement[1],
    "code": lambda scene: "shipping",
    "section": lambda scene: "shop",
    "version": lambda scene: "0",
    "destination": lambda scene: "sftp",
    "test_id": lambda scene: scene.trial,
    "group": lambda scene: scene.priced,
    "discount": lambda scene: scene.code,
    "person": lambda scene: scene.person,
    "queue": lambda scene: "mail",
    "kind": lambda scene: "dead_letters",
    "machine": lambda scene: "order_lifecycle",
    "name": lambda scene: f"{scene.order}-1",
}

# What a list must have in it before it is looked at, by its route.
FILLED: dict[str, Find] = {"/inbox": lambda scene: scene.notice}

# Routes that answer no page, and what they answer.
NOT_PAGES = {
    "/stock/import.csv": "the report of a file",
    "/stock/file.csv": "a file",
    "/settings/prices/<group>/file.csv": "a file",
    "/money/days/<day>/file": "the movements of a day as a file",
    "/money/ledger/file": "the movements of a period as a file",
    "/money/payouts/<provider>/<ref>/file": "the lines of a payout as a file",
    "/jobs/<job_id>/file": "the file of a job",
    "/operations/count": "a number for the menu",
    "/orders.csv": "a file, or the job that writes it",
    "/orders/<order_id>/history.json": "a file",
    "/orders/<order_id>/documents/<kind>": "a paper as PDF",
    "/orders/<order_id>/labels/<label_id>/file": "a shipping label as its carrier made it",
    "/exports/<batch_id>/file": "the file of a batch",
}

# Further states of a page that look different: its route and what is added to its address.
STATES = (
    ("/orders", "?label=to_review"),
    ("/orders", "?q=nobodyhasthisname"),
    ("/orders", "?payment=pending&not.lifecycle=cancelled&sort=created"),
    ("/orders/<order_id>", "?do=edit"),
    ("/orders/<order_id>", "?do=ship"),
    ("/orders/<order_id>", "?do=refund"),
    ("/orders/<order_id>", "?do=cancel"),
    ("/customers", "?q=nobodyhasthisname"),
    ("/drafts", "?show=carts"),
    ("/new-order", "?find=a"),
    ("/orders/<order_id>/draft", "?check=1"),
)


# Routes with several pages of their own, by the part that names them.
MORE = (
    ("/settings/<code>", {"code": "shop"}),
    ("/settings/<code>", {"code": "form"}),
    ("/settings/<code>", {"code": "payments.bank_transfer"}),
    ("/settings/<code>", {"code": "sales"}),
)


@dataclass(frozen=True, slots=True)
class Place:
    """One page: its route, its permission, what is added to the address, and parts that are fixed."""

    path: str
    permission: str
    query: str = ""
    fixed: tuple[tuple[str, str], ...] = ()

    @property
    def unknown(self) -> list[str]:
        """Named parts that nobody said how to fill."""
        return [name for name in PART.findall(self.path) if self._find(name) is None]

    def address(self, scene: Scene) -> str:
        """Where it is in this scene, without the base; what must stand there is there then."""
        if self.path in FILLED:
            FILLED[self.path](scene)

        def fill(found: re.Match[str]) -> str:
            if found[1] in dict(self.fixed):
                return dict(self.fixed)[found[1]]
            find = self._find(found[1])
            assert find is not None, f"tests/web/screens.py: what stands at <{found[1]}> of {self.path}?"
            return find(scene)

        return PART.sub(fill, self.path) + self.query

    @property
    def name(self) -> str:
        """As a file may be called."""
        told = self.path + self.query + "".join(value for _, value in self.fixed)
        return re.sub(r"\W+", "-", told).strip("-") or "start"

    def _find(self, part: str) -> Find | None:
        return PARTS.get(f"{self.path} {part}") or PARTS.get(part)


def pages() -> list[Place]:
    """Every page of the back office, once."""
    rules = [rule for rule in house.rules if rule.method == "GET" and rule.path not in NOT_PAGES]
    return [Place(rule.path, rule.permission) for rule in rules]


def places() -> list[Place]:
    """Every page of the back office, then their further states."""
    found = pages()
    known = {place.path: place.permission for place in found}
    states = [Place(path, known[path], query) for path, query in STATES if path in known]
    more = [Place(path, known[path], "", tuple(parts.items())) for path, parts in MORE if path in known]
    return found + states + more
