"""What the shop's settings said when the order was placed."""

from dataclasses import dataclass

from comanda.orders.record import Record


@dataclass(frozen=True, slots=True)
class Terms(Record):
    """What the shop's settings said when the order was placed; later changes do not reach it."""

    approval: str = "manual"  # manual | automatic
    verify_by: str = ""
    remind_at: str = ""
    pay_by: str = ""
    reminders: tuple[str, ...] = ()  # further ones, in turn, once `remind_at` is over
    pay_seconds: int = 0
    remind_seconds: int = 0
    ship_before_payment: bool = False
    payable: bool = True  # False: an order request that asks for no money
    receipt: bool = True
    link_seconds: int = 14 * 86_400  # how long mailed links work
    notify_merchant: str = "verified"  # placed | verified
    reserve_on: str = "placed"  # placed | confirmed
    rounding: str = "line"  # line | total: how tax is rounded
    hold_seconds: int = 0  # how long an unpaid order keeps its units; 0: as long as it lives
    on_credit: bool = False  # goods first: the customer pays by `due_at`
    due_at: str = ""
    hosted: bool = False  # paid on the provider's own page where the shop has a choice
    capture: str = "at_once"  # at_once | approval: when a card's money is taken
    warn_seconds: int = 86_400  # how long before an authorisation lapses staff are warned
    steps: str = "ship"  # ship | pick_ship | pick_pack_ship: from the shelf to the carrier
    ready_mail: bool = False  # the customer is told when what is sent is ready to leave
