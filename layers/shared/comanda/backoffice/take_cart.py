"""Staff take a customer's cart over, for the staff API and the back office alike."""

from comanda.backoffice.office import Office
from comanda.backoffice.run_command import Commanded
from comanda.carts.edit import Carts
from comanda.carts.take_over import taking_over
from comanda.idempotency.store import Request
from comanda.orders.assign import names_of
from comanda.orders.drafts.write import DraftDesk
from comanda.orders.facts import Origin
from comanda.settings.store import SettingsStore


def take_cart(
    cart_id: str,
    name: str,
    origin: Origin,
    key: str,
    office: Office,
    carts: Carts,
    drafts: DraftDesk,
    settings: SettingsStore,
) -> Commanded:
    """A draft of what is in the cart, once per key. `name` is what its customer is told; without one the name
    in the settings, else the shop's. Raises what `taking_over` raises, and IdempotencyKeyReused."""
    sales = settings.section("sales")[0]
    known = next((one for one in names_of(origin.actor, sales) if one != origin.actor), "")
    by = name or known
    request = Request.of(f"{origin.actor}#take#{cart_id}", key, {"by": by}) if key else None
    return office.begin(
        lambda: taking_over(cart_id, by, origin, store=carts.store, drafts=drafts, windows=carts.windows),
        origin,
        request=request,
    )
