"""Which line of an order a caller means."""

from comanda.errors import AmbiguousLine, Invalid
from comanda.orders.model import Line, Order


def line_named(order: Order, line_id: str, sku: str, pointer: str) -> Line:
    """The line of this id, or the only one with this SKU; either may be empty.

    Raises Invalid for a line that is not there, AmbiguousLine when several have the SKU; `pointer`
    says where in the body it stands.
    """
    if line_id:
        line = order.line(line_id)
        if line is None or (sku and sku != line.sku):
            raise Invalid.at(f"{pointer}/line_id", "the order has no such line")
        return line
    found = [line for line in order.lines if line.sku == sku]
    if not found:
        raise Invalid.at(f"{pointer}/sku", "the order has no line with this SKU")
    if len(found) > 1:
        names = ", ".join(line.line_id for line in found)
        raise AmbiguousLine.at(f"{pointer}/sku", f"{sku} is on the lines {names}: send line_id")
    return found[0]
