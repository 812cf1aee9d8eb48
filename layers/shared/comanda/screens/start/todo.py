"""What to do next, most urgent first: how many, what, and the list that shows them."""

from collections.abc import Iterator
from dataclasses import dataclass

from comanda.backoffice.dashboard.ages import SETTLED, UNPAID, UNSHIPPED, Ages
from comanda.backoffice.dashboard.look import Start
from comanda.backoffice.parcels.stuck import MOST_COUNTED
from comanda.orders.vocabulary import Stage
from comanda.screens.house.asked import BASE, Asked, Fields
from comanda.screens.order_list import criteria

OLD = 3  # from this bracket on an unpaid order is old: seven days
FROM_TO = ("created_from=today", "created_from=-2d&created_to=-1d", "created_from=-6d&created_to=-3d",
           "created_from=-27d&created_to=-7d", "created_to=-28d")  # fmt: skip
WAITS_FOR_MONEY: Fields = {"lifecycle": ["placed"], "payment": sorted(UNPAID)}
WAITS_FOR_PARCEL: Fields = {
    "lifecycle": ["placed"],
    "payment": sorted(SETTLED),
    "fulfilment": sorted(UNSHIPPED),
}
SENT_ON_TRUST: Fields = WAITS_FOR_MONEY | {"fulfilment": sorted(UNSHIPPED), "stage": [Stage.ORDER]}


@dataclass(frozen=True, slots=True)
class Task:
    """`kind` is how it looks: red is broken, amber needs somebody."""

    text: str
    address: str
    kind: str


def tasks(asked: Asked, start: Start) -> list[Task]:
    """What there is none of is left out."""
    return [*_broken(asked, start), *_waiting(asked, start)]


def _broken(asked: Asked, start: Start) -> Iterator[Task]:
    say_many, health = asked.tongue.say_many, start.health
    if errors := start.labels.get("error", 0):
        told = say_many("%(n)s order needs mending", "%(n)s orders need mending", errors)
        yield Task(told, labelled("error"), "red")
    if lost := health.failed_notices:
        told = say_many(
            "%(n)s notice of a partner could not be used",
            "%(n)s notices of partners could not be used",
            lost,
        )
        yield Task(told, f"{BASE}/inbox?state=failed", "red")
    if batches := len(health.batches):
        yield Task(say_many("%(n)s export failed", "%(n)s exports failed", batches), f"{BASE}/exports", "red")
    if jobs := len(health.jobs):
        yield Task(
            say_many("%(n)s bulk job broke off", "%(n)s bulk jobs broke off", jobs), f"{BASE}/jobs", "red"
        )


def _waiting(asked: Asked, start: Start) -> Iterator[Task]:
    say_many = asked.tongue.say_many
    if unseen := start.labels.get("to_review", 0):
        yield Task(
            say_many("%(n)s order to review", "%(n)s orders to review", unseen),
            labelled("to_review"),
            "amber",
        )
    if parcels := start.unshipped.total:
        told = say_many("%(n)s order to ship", "%(n)s orders to ship", parcels)
        yield Task(told, criteria.address(WAITS_FOR_PARCEL), "amber")
    if trusted := start.on_trust.total:
        told = say_many(
            "%(n)s order to get ready that is paid afterwards",
            "%(n)s orders to get ready that are paid afterwards",
            trusted,
        )
        yield Task(told, criteria.address(SENT_ON_TRUST), "amber")
    if stuck := start.stuck:
        told = say_many("%(n)s parcel is stuck", "%(n)s parcels are stuck", stuck)
        if stuck >= MOST_COUNTED:
            told = asked.tongue.say("%(n)s parcels or more are stuck", n=stuck)
        yield Task(told, f"{BASE}/deliveries/stuck", "amber")
    if old := sum(start.unpaid.counts[OLD:]):
        told = say_many(
            "%(n)s order unpaid for a week or more", "%(n)s orders unpaid for a week or more", old
        )
        yield Task(told, criteria.address(WAITS_FOR_MONEY | {"created_to": ["-7d"]}), "amber")
    if low := len(start.health.low):
        told = say_many("%(n)s product runs low", "%(n)s products run low", low)
        if start.health.low_more:
            told = asked.tongue.say("More than %(n)s products run low", n=low)
        yield Task(told, f"{BASE}/stock/low", "amber")


def labelled(code: str) -> str:
    """The list of the orders with a label."""
    return criteria.address({"label": [code]})


def aged(which: Fields, ages: Ages) -> list[tuple[int, str]]:
    """How many of each bracket, and the list of them."""
    address = criteria.address(which)
    return [(n, f"{address}&{span}") for n, span in zip(ages.counts, FROM_TO, strict=True)]
