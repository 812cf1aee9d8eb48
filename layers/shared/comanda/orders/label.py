"""Give an order another label: by the real commands with their guards, or not at all. Pure.

A label is a projection; nothing writes it. Asked for a label, the order runs what leads to it, and when
the order would be called otherwise afterwards, nothing happens and the caller is told why.
"""

from collections.abc import Callable, Iterator

from comanda.errors import WrongState
from comanda.ids import NewId
from comanda.orders.approve import approving
from comanda.orders.course import Course
from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.derive import label
from comanda.orders.desk import Decide
from comanda.orders.facts import Origin
from comanda.orders.guards import failures
from comanda.orders.hold import holding, releasing_holds, retrying
from comanda.orders.vocabulary import HoldReason, Label

# Labels that no command of the merchant's own leads to, with the guard's name and what to do instead.
BEYOND = {
    Label.SHIPPED: ("label-needs-parcel", "ship the order: a parcel has a carrier and a tracking number"),
    Label.DELIVERED: ("label-comes-by-itself", "an order is delivered when its carrier says so"),
}

type Step = tuple[str, Decide]


def labelling(wanted: Label, origin: Origin, new_id: NewId) -> Decide:
    """Run what makes `wanted` the order's label; `result.commands` names it.

    Raises WrongState: of a command's own guard, or `label-already`, `label-not-reached`,
    `label-needs-parcel`, `label-comes-by-itself`.
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        if label(order) == wanted:
            raise WrongState("label-already", f"the order is called {wanted} as it is")
        if wanted in BEYOND:
            raise WrongState(*BEYOND[wanted])
        decision, names = NOTHING, []
        for name, step in _way(wanted, loaded, origin, new_id):
            decision += step(loaded)
            names.append(name)
        reached = label(Course(order, origin).add(decision).after)
        if reached != wanted:
            raise WrongState("label-not-reached", _why(wanted, reached, names))
        told: dict[str, object] = {"label": wanted, "commands": names}
        return decision + Decision(result=told)

    return decide


def _way(wanted: Label, loaded: Loaded, origin: Origin, new_id: NewId) -> Iterator[Step]:
    """The commands that may lead to a label, none of which waits for another."""
    order = loaded.order
    if wanted == Label.TO_REVIEW:
        yield "hold", holding(HoldReason.MANUAL, "", origin, new_id)
    elif wanted == Label.ERROR:
        yield "hold", holding(HoldReason.ERROR, "", origin, new_id)
    else:
        failed = failures(order)
        if failed:
            yield "retry", retrying
        if len(order.open_holds) > len(failed):
            yield "release-hold", releasing_holds(_not_among(failed))
        if not order.approved:
            yield "approve", approving


def _not_among(hold_ids: list[str]) -> Callable[[str, str], bool]:
    return lambda hold_id, reason: hold_id not in hold_ids


def _why(wanted: Label, reached: Label | None, names: list[str]) -> str:
    done = " and ".join(names)
    called = f"called {reached}" if reached else "without a label"
    after = f"after {done} the order would be {called}" if done else f"the order stays {called}"
    return f"{after}; no command makes it {wanted} from here"
