"""What the page of an order works with."""

from collections.abc import Callable
from dataclasses import dataclass

from comanda.backoffice.office import Office
from comanda.backoffice.shipping_labels import LabelDesk
from comanda.backoffice.undoing import Undoing
from comanda.documents.printing import Printing
from comanda.fulfilment.short_pick import ShortDesk
from comanda.orders.drafts.repeat import OnSale
from comanda.orders.drafts.write import DraftDesk
from comanda.orders.edits.desk import EditDesk
from comanda.orders.outbox import Outbox
from comanda.orders.purge import Purging
from comanda.screens.orders.presence import Presence
from comanda.settings.store import SettingsStore


@dataclass(frozen=True, slots=True)
class OrderDesk:
    """Each is made when it is first asked for."""

    office: Callable[[], Office]
    settings: Callable[[], SettingsStore]
    edits: Callable[[], EditDesk]
    drafts: Callable[[], DraftDesk]
    on_sale: Callable[[], OnSale]
    purging: Callable[[], Purging]
    staff_names: Callable[[str], tuple[str, ...]]
    undoing: Callable[[], Undoing]
    presence: Callable[[], Presence]
    printing: Callable[[], Printing]
    short: Callable[[], ShortDesk]
    labels: Callable[[], LabelDesk]
    outbox: Callable[[], Outbox]
