"""Labels are set through the real commands; the page in docs/ says what each way comes to."""

import pytest

from comanda.errors import WrongState
from comanda.orders.course import Course
from comanda.orders.decision import Loaded
from comanda.orders.derive import label, stage
from comanda.orders.label import labelling
from comanda.orders.vocabulary import HoldReason, Label, Lifecycle, Stage
from local.docs_labels import LABELS, PAGE, STAGES, labels_page, way
from local.docs_tables import states
from tests.examples import ORIGIN, a_hold, an_order

STATES = states()
WAYS = [(state, wanted) for state in STATES for wanted in Label]


def test_the_page_is_made_from_the_code() -> None:
    assert PAGE.read_text() == labels_page(), "run python -m local.docs_tables"


def test_every_label_and_stage_is_explained() -> None:
    assert (set(LABELS), set(STAGES)) == (set(Label), set(Stage))


@pytest.mark.parametrize(("state", "wanted"), WAYS)
def test_a_label_is_reached_by_named_commands_or_not_at_all(state: str, wanted: Label) -> None:
    before = STATES[state]
    decide = labelling(wanted, ORIGIN, lambda: "id")
    if way(wanted, before).startswith("("):
        with pytest.raises(WrongState):
            decide(Loaded(before, {}))
        return
    decision = decide(Loaded(before, {}))
    assert ", ".join(decision.result["commands"]) == way(wanted, before)
    assert label(before) != wanted
    assert label(Course(before, ORIGIN).add(decision).after) == wanted


def test_several_commands_are_run_together() -> None:
    held = an_order(holds=(a_hold(HoldReason.STEP_FAILED), a_hold(HoldReason.FRAUD, hold_id="h2")))
    decision = labelling(Label.PENDING, ORIGIN, lambda: "id")(Loaded(held, {}))
    assert decision.result["commands"] == ["retry", "release-hold", "approve"]
    assert [fact.type for fact in decision.facts] == ["HoldReleased", "HoldReleased", "OrderApproved"]


def test_a_mark_of_error_comes_and_goes_by_hold_and_release() -> None:
    pending = an_order(approved=True)
    marked = Course(pending, ORIGIN).add(labelling(Label.ERROR, ORIGIN, lambda: "id")(Loaded(pending, {})))
    assert [hold.reason for hold in marked.after.open_holds] == [HoldReason.ERROR]
    back = labelling(Label.PENDING, ORIGIN, lambda: "id")(Loaded(marked.after, {}))
    assert back.result["commands"] == ["release-hold"]
    assert label(Course(marked.after, ORIGIN).add(back).after) == Label.PENDING


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"lifecycle": Lifecycle.DRAFT}, Stage.QUOTATION),
        ({"lifecycle": Lifecycle.QUOTED}, Stage.QUOTATION_SENT),
        ({"lifecycle": Lifecycle.CANCELLED}, None),
    ],
)
def test_quotations_have_their_own_words(changes: dict[str, object], expected: Stage | None) -> None:
    assert stage(an_order(**changes)) == expected
