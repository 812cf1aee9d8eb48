"""Staff take over a customer's cart and finish it by telephone: it becomes a draft, once."""

from comanda.carts.holding import moves
from comanda.carts.store import CartStore, ordered_already, taken_already
from comanda.carts.window import WindowReader
from comanda.orders.decision import Decision
from comanda.orders.drafts.content import Wishes
from comanda.orders.drafts.write import DraftDesk, starting
from comanda.orders.facts import Origin
from comanda.orders.model import DraftLine


def taking_over(
    cart_id: str, by: str, origin: Origin, *, store: CartStore, drafts: DraftDesk, windows: WindowReader
) -> Decision:
    """A draft of what is in the cart, and the end of the cart in the same transaction; `by` is the name
    that its customer is told. `result` names what is gone and what is short. What the cart holds is given
    back: a draft holds nothing.

    Raises NotFound, and WrongState for a cart that was ordered or taken before; written when the cart
    has changed since, the transaction is refused with RevisionMoved: decide again.
    """
    cart = store.load(cart_id)
    if cart.ordered:
        raise ordered_already()
    if cart.taken:
        raise taken_already()
    window = windows.read(line.sku for line in cart.lines).beside(cart.held)
    left = {sku: units for sku, units in window.available.items() if window.on_sale(sku)}
    gone = [{"sku": line.sku, "quantity": line.quantity} for line in cart.lines if line.sku not in left]
    short = [
        {"sku": line.sku, "requested": line.quantity, "available": there}
        for line in cart.lines
        if (there := left.get(line.sku)) is not None and there < line.quantity
    ]
    wishes = Wishes(
        lines=tuple(DraftLine(line.sku, line.quantity) for line in cart.lines if line.sku in left),
        locale=cart.locale,
        texts={"contact": dict(cart.contact)},
    )
    told = {"gone": gone, "short": short}
    decision = starting(wishes, origin, drafts, made_of=f"cart:{cart_id}", result=told)
    taken = {"by": by, "at": origin.at, "order_id": str(decision.result["order_id"])}
    return decision + Decision(moves=moves(cart.held), also=(store.taken(cart, taken),))
