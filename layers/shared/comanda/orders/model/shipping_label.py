"""Labels bought from carriers: what is wanted, what was bought, what became of it."""

from dataclasses import dataclass

from comanda.orders.model.shipment import ShipmentLine
from comanda.orders.record import Record

WANTED, BOUGHT, FAILED, GIVING_BACK, VOIDED = "wanted", "bought", "failed", "giving_back", "voided"


@dataclass(frozen=True, slots=True)
class ShippingLabel(Record):
    """A label for one parcel. `state`: wanted · bought · failed · giving_back · voided; whether it was used
    tells the parcel that names it. `account` is the carrier account that sells it. No personal data."""

    label_id: str
    account: str
    carrier: str
    service: str
    lines: tuple[ShipmentLine, ...]
    wanted_at: str
    weight_grams: int
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0
    delivery: int = 0  # number of the delivery order that it is of; 0: of whichever has the units
    location: str = ""  # where the parcel leaves from
    ship: bool = True  # the parcel counts as shipped as soon as the label is bought
    notify: bool = True
    format: str = "pdf"
    state: str = WANTED
    reason: str = ""  # why it failed, is given back, or did not leave; a code or the carrier's words
    ref: str = ""  # the account's own id of it
    tracking_number: str = ""
    tracking_url: str = ""
    expected_at: str = ""
    amount: int = 0  # what it cost, in minor units of `currency`
    currency: str = ""
    bought_at: str = ""
    replaces: str = ""  # the label in whose place it was wanted

    @property
    def open(self) -> bool:
        """It is there or on its way, as far as the carrier goes."""
        return self.state in (WANTED, BOUGHT)
