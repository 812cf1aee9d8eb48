"""How the facts of an order's life change it: drafted, verified, placed, ended, revived."""

from dataclasses import replace

from comanda.orders.facts import Data, Fact
from comanda.orders.model import Ending, Order
from comanda.orders.vocabulary import Lifecycle


def rewritten(order: Order, data: Data, fact: Fact) -> Order:
    """A draft as it was changed or placed. What the chain counts goes on where it was."""
    return replace(Order.from_dict(data["order"]), version=order.version, revision=order.revision)


def discarded(order: Order, data: Data, fact: Fact) -> Order:
    return replace(order, lifecycle=Lifecycle.CANCELLED, cancel_reason="discarded")


def verified(order: Order, data: Data, fact: Fact) -> Order:
    return placed(replace(order, verified=True, customer_id=data.get("customer_id", order.customer_id)))


def placed(order: Order) -> Order:
    waits = order.lifecycle == Lifecycle.AWAITING_VERIFICATION
    return replace(order, lifecycle=Lifecycle.PLACED) if waits else order


def resent(order: Order, data: Data, fact: Fact) -> Order:
    personal = order.personal | data.get("personal", {})
    terms = replace(order.terms, verify_by=data["verify_by"])
    owner = data.get("customer_id", order.customer_id)
    return replace(order, personal=personal, link_serial=data["link_serial"], terms=terms, customer_id=owner)


def ended(order: Order, data: Data, fact: Fact) -> Order:
    """Cancelled, rejected or expired: what has not been shipped is cancelled."""
    lines = tuple(
        replace(line, cancelled=line.quantity - line.shipped, backordered=0) for line in order.lines
    )
    lifecycle = Lifecycle.EXPIRED if fact.type == "OrderExpired" else Lifecycle.CANCELLED
    personal = order.personal | data.get("personal", {})
    ended = replace(order, lines=lines, lifecycle=lifecycle, cancel_reason=data["reason"], personal=personal)
    return replace(ended, ending=None)


def ending_asked(order: Order, data: Data, fact: Fact) -> Order:
    personal = order.personal | data.get("personal", {})
    return replace(order, ending=Ending.from_dict(data["ending"]), personal=personal)


def revived(order: Order, data: Data, fact: Fact) -> Order:
    """Money came after the end and the stock could be had again."""
    lines = tuple(replace(line, cancelled=0) for line in order.lines)
    return replace(order, lines=lines, lifecycle=Lifecycle.PLACED, cancel_reason="")


def taken_over(order: Order, data: Data, fact: Fact) -> Order:
    """The customer was merged into another; a discount code that counts for them counts for that one."""
    use = order.code_use
    if use is not None and use.customer_id == data["merged"]:
        use = replace(use, customer_id=data["customer_id"])
    return replace(order, customer_id=data["customer_id"], code_use=use)
