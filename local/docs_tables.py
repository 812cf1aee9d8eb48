"""Write docs/guards.md from the table of guards, and the other pages of tables; tests hold them together."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from comanda.errors import WrongState
from comanda.orders.derive import derived
from comanda.orders.edits.change_set import OpenEdit
from comanda.orders.guards import GUARDS, Guard, check
from comanda.orders.model import Ending, Entry, Hold, Line, Order, Terms, Totals
from comanda.orders.vocabulary import Channel, HoldReason, Lifecycle, Method
from local.asked_guards import ASKED

PAGE = Path(__file__).parent.parent / "docs" / "guards.md"
TOTAL = 10_000


def guards_page() -> str:
    """The whole page."""
    return "\n".join((*_intro(), "", *_guards(), "", *_commands(), "", *_states(), "", *_asked(), ""))


def _intro() -> Iterator[str]:
    yield "# Guards: which command is allowed when"
    yield ""
    yield "Made by `python -m local.docs_tables` from `orders/guards/table.py`; a test keeps the two equal."
    yield ""
    yield "A refused command answers 409 `wrong-state` with the guard's name in `guard`, and nothing has"
    yield "changed. Guards are asked in the order given here; the first that forbids is named."


def _guards() -> Iterator[str]:
    yield "| guard | what the caller is told |"
    yield "|---|---|"
    known: dict[str, Guard] = {guard.name: guard for guards in GUARDS.values() for guard in guards}
    for name in sorted(known):
        yield f"| `{name}` | {known[name].why} |"


def _commands() -> Iterator[str]:
    yield "| command | guards |"
    yield "|---|---|"
    for command, guards in GUARDS.items():
        names = ", ".join(f"`{guard.name}`" for guard in guards)
        yield f"| `{command}` | {names or '—'} |"


def _states() -> Iterator[str]:
    """What the guards come to in the states an order goes through."""
    yield "| state | allowed | refused, by |"
    yield "|---|---|---|"
    for state, order in states().items():
        allowed, refused = [], []
        for command in GUARDS:
            guard = refusal(command, order)
            if guard:
                refused.append(f"{command} ({guard})")
            else:
                allowed.append(command)
        yield f"| {state} | {', '.join(allowed)} | {', '.join(refused)} |"


def _asked() -> Iterator[str]:
    yield "Guards that look at what is asked for:"
    yield ""
    yield "| guard | what the caller is told |"
    yield "|---|---|"
    for name, why in sorted(ASKED.items()):
        yield f"| `{name}` | {why} |"


def refusal(command: str, order: Order) -> str:
    """The guard that forbids a command; empty when it is allowed."""
    try:
        check(command, order)
    except WrongState as refused:
        return refused.guard
    return ""


def states() -> dict[str, Order]:
    """An order in each state that decides differently, by a name for people."""
    waiting = _order(lifecycle=Lifecycle.AWAITING_VERIFICATION)
    placed = replace(waiting, lifecycle=Lifecycle.PLACED, verified=True)
    approved = replace(placed, approved=True)
    paid = derived(replace(approved, ledger=(_entry("capture", "ok"),)))
    shipped = _counted(paid, shipped=1)
    failed = Hold("h1", HoldReason.STEP_FAILED, "", "system")
    return {
        "draft": replace(waiting, lifecycle=Lifecycle.DRAFT),
        "quotation": replace(waiting, lifecycle=Lifecycle.QUOTED),
        "awaiting verification": waiting,
        "awaiting verification, payment being processed": _owing(waiting, _entry("intent", "processing")),
        "placed by money, address not confirmed": _owing(
            replace(waiting, lifecycle=Lifecycle.PLACED), _entry("capture", "ok")
        ),
        "placed, not approved": placed,
        "placed, authorised": _owing(placed, _entry("authorization", "ok")),
        "approved, not paid": approved,
        "approved, not paid, ships before payment": replace(approved, terms=Terms(ship_before_payment=True)),
        "approved and paid": paid,
        "approved and paid, on hold": replace(paid, holds=(Hold("h1", HoldReason.FRAUD, "", "staff:1"),)),
        "a step failed": replace(paid, holds=(failed,)),
        "being cancelled, payment being voided": replace(
            approved, ending=Ending("cancelled", "customer", "staff:1")
        ),
        "approved and paid, an edit open": replace(paid, edit=_edit(paid), edits=1),
        "approved and paid, an edit open, no e-mail address": replace(
            paid, edit=_edit(paid), edits=1, without_mail=True
        ),
        "an edit open that the order has left behind": replace(
            paid, edit=replace(_edit(paid), version=paid.version - 1), edits=1
        ),
        "approved and paid by hand, disputed": derived(
            replace(
                approved,
                ledger=(_by_hand("ok"), _entry("dispute", "pending")),
                holds=(Hold("h1", HoldReason.DISPUTE, "", "system"),),
            )
        ),
        "approved, its payment came back": derived(
            replace(
                approved,
                ledger=(_by_hand("bounced"),),
                holds=(Hold("h1", HoldReason.PAYMENT_BOUNCED, "", "system"),),
            )
        ),
        "approved and paid, units to come": _counted(paid, allocated=1, backordered=1),
        "partly shipped": shipped,
        "delivered": _counted(shipped, shipped=2, delivered=2),
        "closed": replace(_counted(shipped, shipped=2, delivered=2), lifecycle=Lifecycle.CLOSED),
        "cancelled": replace(placed, lifecycle=Lifecycle.CANCELLED, cancel_reason="unpaid"),
        "cancelled, money not given back": replace(paid, lifecycle=Lifecycle.CANCELLED),
        "cancelled, units still set aside": replace(
            _counted(placed, allocated=2), lifecycle=Lifecycle.CANCELLED
        ),
        "expired": replace(waiting, lifecycle=Lifecycle.EXPIRED, cancel_reason="expired"),
    }


def _order(lifecycle: Lifecycle) -> Order:
    return derived(
        Order(
            order_id="o",
            number="P-1",
            currency="MXN",
            channel=Channel.WEB,
            locale="es",
            lifecycle=lifecycle,
            method=Method.STRIPE,
            delivery="ship",
            created_at="",
            updated_at="",
            lines=(Line("l1", "A", "A", 2, TOTAL // 2, TOTAL, 0, 0, 0, TOTAL),),
            charges=(),
            tax_lines=(),
            totals=Totals(TOTAL, 0, 0, 0, 0, TOTAL, tax_included=True),
            terms=Terms(),
        )
    )


def _edit(order: Order) -> OpenEdit:
    return OpenEdit("e1", (), "", "staff:1", "", TOTAL, 0, version=order.version)


def _entry(kind: str, status: str) -> Entry:
    parent = "" if kind == "intent" else "p"
    return Entry(f"stripe:{kind}:p", kind, "stripe", "stripe", TOTAL, "MXN", status, "", "p", parent)


def _by_hand(status: str) -> Entry:
    return Entry("manual:capture:paid-1", "capture", "cheque", "manual", TOTAL, "MXN", status, "", "paid-1")


def _owing(order: Order, entry: Entry) -> Order:
    return derived(replace(order, ledger=(entry,)))


def _counted(order: Order, **counters: int) -> Order:
    return derived(replace(order, lines=tuple(replace(line, **counters) for line in order.lines)))  # type: ignore[arg-type]


def main() -> None:
    PAGE.write_text(guards_page())


if __name__ == "__main__":
    from local import docs_labels

    main()
    docs_labels.main()
