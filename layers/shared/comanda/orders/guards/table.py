"""Which command is allowed in which state. docs/guards.md is printed from this table."""

from comanda.errors import WrongState
from comanda.orders.guards.course import (
    APPROVED,
    EDIT_OPEN,
    ENDING,
    GIVEN_UP_ORDER,
    HELD,
    HELD_OTHERWISE,
    NO_ADDRESS,
    NO_EDIT,
    NOT_A_DRAFT,
    NOT_APPROVED,
    NOT_CANCELLED,
    NOT_ENDED,
    NOT_PLACED,
    NOT_QUOTED,
    NOT_WAITING,
    NOTHING_FAILED,
    ORDER_ENDED,
    UNVERIFIED,
    VERIFIED,
)
from comanda.orders.guards.goods import (
    ALL_SHIPPED,
    GOODS_ON_IT,
    NO_LABEL,
    NOTHING_AT_COUNTER,
    NOTHING_HANDED_OVER,
    NOTHING_LEFT,
    NOTHING_PACKED,
    NOTHING_PICKED,
    NOTHING_TO_PUT_BACK,
    NOTHING_WAITS,
    SHIPPED,
)
from comanda.orders.guards.guard import Guard
from comanda.orders.guards.money import (
    AUTHORIZED,
    MONEY_ON_IT,
    MOVING,
    NO_CHEQUE,
    NO_CHEQUE_TO_UNDO,
    NO_DISPUTE,
    NOTHING_AUTHORIZED,
    NOTHING_BOUNCED,
    NOTHING_DUE,
    NOTHING_GRANTED,
    NOTHING_TO_BOUNCE,
    NOTHING_TO_DISPUTE,
    NOTHING_TO_REFUND,
    ORDER_CLOSED,
    PAYING,
    UNPAID,
)
from comanda.orders.model import Order

PLACED_ONLY: dict[str, tuple[Guard, ...]] = {
    "verify": (VERIFIED, ORDER_ENDED),
    "resend-verification": (VERIFIED, ORDER_ENDED),
    "approve": (ORDER_ENDED, ENDING, UNVERIFIED, APPROVED),
    "reject": (ORDER_ENDED, ENDING, APPROVED, SHIPPED),
    "mark-paid": (ORDER_CLOSED,),
    "pay": (ORDER_ENDED, ENDING, MOVING, NOTHING_DUE, AUTHORIZED),
    "capture": (ORDER_ENDED, ENDING, NOTHING_AUTHORIZED, MOVING, NOTHING_DUE),
    "bounce": (NOTHING_TO_BOUNCE,),
    "undo-bounce": (NOTHING_BOUNCED,),
    "deposit-cheque": (ORDER_ENDED, ENDING, NOTHING_DUE),
    "clear-cheque": (NO_CHEQUE,),
    "bounce-cheque": (NO_CHEQUE,),
    "undo-cheque": (NO_CHEQUE_TO_UNDO,),
    "fee": (),
    "charge-fee": (ORDER_ENDED, ENDING, MOVING),
    "dispute": (NOTHING_TO_DISPUTE,),
    "close-dispute": (NO_DISPUTE,),
    "refund": (NOTHING_TO_REFUND,),
    "ship": (ORDER_ENDED, ENDING, NOT_APPROVED, HELD, UNPAID),
    "buy-label": (ORDER_ENDED, ENDING, NOT_APPROVED, HELD, UNPAID, ALL_SHIPPED),
    "void-label": (NO_LABEL,),
    "ready-for-pickup": (ORDER_ENDED, ENDING, NOT_APPROVED, HELD_OTHERWISE, UNPAID, ALL_SHIPPED),
    "not-ready": (ORDER_ENDED, ENDING, NOTHING_AT_COUNTER),
    "hand-over": (ORDER_ENDED, ENDING, NOT_APPROVED, HELD_OTHERWISE, UNPAID, NOTHING_AT_COUNTER),
    "undo-hand-over": (GIVEN_UP_ORDER, NOTHING_HANDED_OVER),
    "cancel": (ORDER_ENDED, ENDING, SHIPPED),
    "expire": (ORDER_ENDED, ENDING, NOT_WAITING, PAYING),
    "promise": (ORDER_ENDED, ENDING, NOTHING_WAITS),
    "pick": (ORDER_ENDED, ENDING, NOT_APPROVED, HELD, UNPAID),
    "pack": (ORDER_ENDED, ENDING, NOT_APPROVED, HELD, UNPAID),
    "undo-pick": (NOTHING_PICKED,),
    "undo-pack": (NOTHING_PACKED,),
    "short-pick": (ORDER_ENDED, ENDING, NOT_APPROVED, HELD, UNPAID),
    "undo-short-pick": (ORDER_ENDED, ENDING, NOT_APPROVED),
    "put-back": (NOTHING_TO_PUT_BACK,),
    "undo-ship": (ORDER_ENDED, NOTHING_LEFT),
    "undo-cancel": (NOT_CANCELLED,),
    "undo-refund": (NOTHING_GRANTED,),
    "hold": (ORDER_ENDED,),
    "release-hold": (),
    "address-fine": (ORDER_ENDED,),
    "resend-mail": (),
    "retry": (NOTHING_FAILED,),
    "edit": (ORDER_ENDED, ENDING, ALL_SHIPPED, EDIT_OPEN),
    "confirm-edit": (NO_EDIT, ORDER_ENDED, ENDING, ALL_SHIPPED),
    "decline-edit": (NO_EDIT,),
    "request-acceptance": (NO_ADDRESS, NO_EDIT, ORDER_ENDED, ENDING, ALL_SHIPPED),
}
DRAFTS_ONLY: dict[str, tuple[Guard, ...]] = {
    "change-draft": (NOT_A_DRAFT,),
    "quote": (NOT_A_DRAFT,),
    "withdraw-quote": (NOT_QUOTED,),
    "place": (NOT_A_DRAFT,),
    "discard": (NOT_A_DRAFT,),
}
GUARDS: dict[str, tuple[Guard, ...]] = {
    command: (NOT_PLACED, *guards) for command, guards in PLACED_ONLY.items()
} | DRAFTS_ONLY
GUARDS["purge"] = (NOT_ENDED, SHIPPED, GOODS_ON_IT, MONEY_ON_IT)


def check(command: str, order: Order) -> None:
    """Raise WrongState with the name of the first guard that forbids the command."""
    for guard in GUARDS[command]:
        if guard.forbids(order):
            raise WrongState(guard.name, guard.why)


def allowed(command: str, order: Order) -> bool:
    return not any(guard.forbids(order) for guard in GUARDS[command])
