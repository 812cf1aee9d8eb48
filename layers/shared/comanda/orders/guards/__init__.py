"""Which command is allowed in which state of an order, and why another is refused."""

from comanda.orders.guards.course import edit_is_stale, failures
from comanda.orders.guards.guard import Guard
from comanda.orders.guards.table import GUARDS, allowed, check

__all__ = ["GUARDS", "Guard", "allowed", "check", "edit_is_stale", "failures"]
