"""How facts change what stands on an order: its holds and its exports."""

from dataclasses import replace

from comanda.orders.facts import Data, Fact
from comanda.orders.model import Exported, Hold, Order, SaidFine


def held(order: Order, data: Data, fact: Fact) -> Order:
    return replace(
        order,
        holds=(*order.holds, Hold.from_dict(data["hold"])),
        personal=order.personal | data.get("personal", {}),
    )


def let_go(order: Order, data: Data, fact: Fact) -> Order:
    holds = tuple(
        replace(hold, closed_at=fact.at, closed_by=fact.actor) if hold.hold_id == data["hold_id"] else hold
        for hold in order.holds
    )
    return replace(order, holds=holds)


def address_fine(order: Order, data: Data, fact: Fact) -> Order:
    return replace(order, address_fine=SaidFine(data["digest"], fact.actor, fact.at))


def exported(order: Order, data: Data, fact: Fact) -> Order:
    others = tuple(e for e in order.exported if e.destination != data["destination"])
    return replace(order, exported=(*others, Exported.from_dict(data | {"at": fact.at})))
