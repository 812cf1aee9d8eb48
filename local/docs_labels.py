"""Write docs/labels.md from how labels are projected and set; a test holds the page to the code."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from comanda.conversation.speech import Speech
from comanda.conversation.words import LABEL, STAGE, word
from comanda.errors import WrongState
from comanda.orders.decision import Loaded
from comanda.orders.derive import label, stage
from comanda.orders.facts import Origin
from comanda.orders.filters import KNOWN
from comanda.orders.label import labelling
from comanda.orders.model import Order
from comanda.orders.vocabulary import Label, Stage
from local.docs_tables import states

PAGE = Path(__file__).parent.parent / "docs" / "labels.md"
ORIGIN = Origin("staff:1", "request:1", "2026-11-21T18:00:00.000Z")

LABELS = {
    Label.TO_REVIEW: "known to the merchant and not approved, or held for a reason that is no error",
    Label.PENDING: "approved, nothing holds it, not all of it shipped",
    Label.PROCESSED: "approved and nothing is to be paid, or ready for pickup",
    Label.ERROR: "held for something that a person must mend; comes before every other label",
    Label.SHIPPED: "all shipped, not all delivered",
    Label.DELIVERED: "all delivered",
}
STAGES = {
    Stage.QUOTATION: "a draft, or a cart that its customer still fills",
    Stage.QUOTATION_SENT: "placed or offered, and neither paid nor trusted to pay later",
    Stage.ORDER: "paid (also when some was given back); or approved, where the payment method ships "
    "before payment or nothing is to be paid",
}
# The statuses that merchants of other shops filter by; here they are axes.
AXES = {
    "pagado": {"payment": "paid"},
    "enviado": {"fulfilment": "shipped"},
    "cancelado": {"lifecycle": "cancelled"},
    "reembolsado": {"payment": "refunded"},
}


def labels_page() -> str:
    """The whole page."""
    words = _words("label", LABELS, LABEL), _words("stage", STAGES, STAGE)
    parts = (_intro(), *words, _axes(), _ways())
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _intro() -> Iterator[str]:
    yield "# Labels: what merchants call an order"
    yield ""
    yield "Made by `python -m local.docs_tables` from `orders/derive.py` and `orders/label.py`; a test keeps"
    yield "them equal. A label is projected from the axes and stored nowhere as truth. Orders that were never"
    yield "known to the merchant, and those that ended unsold, have none."
    yield ""
    yield "Two vocabularies stand side by side in every answer of an order: `label` and `stage`. Their words"
    yield "come from `GET /admin/labels?locale=es|en`."


def _words(name: str, codes: Mapping[Any, str], words: Mapping[str, str]) -> Iterator[str]:
    yield f"| `{name}` | Spanish | English | when |"
    yield "|---|---|---|---|"
    for code, when in codes.items():
        spanish, english = (word(words, code, Speech(language)) for language in ("es", "en"))
        yield f"| `{code}` | {spanish} | {english} | {when} |"


def _axes() -> Iterator[str]:
    yield "What other shops call a status and filter by is an axis here:"
    yield ""
    yield "| word | `GET /admin/orders?…` |"
    yield "|---|---|"
    for name, wanted in AXES.items():
        for key, value in wanted.items():
            if value not in KNOWN[key]:
                raise ValueError(f"no filter {key}={value}")
            yield f"| {name} | `{key}={value}` |"


def _ways() -> Iterator[str]:
    yield "`POST /admin/orders/{id}/label {label}` runs the command that leads to the label, with its guards,"
    yield "and names it in `result.commands`; where none does it answers 409 and nothing changed. An error"
    yield "is marked by a hold, and goes away by `retry` or `release-hold`. Refusals of its own:"
    yield "`label-already` (it is called so), `label-needs-parcel` (use `ship`), `label-comes-by-itself` (the"
    yield "carrier says so), `label-not-reached` (the order would be called otherwise afterwards)."
    yield ""
    yield "| state | label | stage | " + " | ".join(f"→ `{wanted}`" for wanted in Label) + " |"
    yield "|---|---|---|" + "---|" * len(Label)
    for state, order in states().items():
        cells = [way(wanted, order) for wanted in Label]
        yield f"| {state} | {label(order) or '—'} | {stage(order) or '—'} | " + " | ".join(cells) + " |"


def way(wanted: Label, order: Order) -> str:
    """What asking for a label comes to in a state: the commands, or the guard in brackets."""
    try:
        decision = labelling(wanted, ORIGIN, lambda: "id")(Loaded(order, {}))
    except WrongState as refused:
        return f"({refused.guard})"
    return ", ".join(decision.result["commands"])


def main() -> None:
    PAGE.write_text(labels_page())
