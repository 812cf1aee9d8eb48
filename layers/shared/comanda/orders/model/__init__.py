"""What an order is: immutable data, written and read as plain JSON. Money in minor units of `currency`."""

from comanda.orders.model.delivery import Delivery as Delivery
from comanda.orders.model.delivery import DeliveryLine as DeliveryLine
from comanda.orders.model.draft import ALL_CREDIT as ALL_CREDIT
from comanda.orders.model.draft import Draft as Draft
from comanda.orders.model.draft import DraftCharge as DraftCharge
from comanda.orders.model.draft import DraftLine as DraftLine
from comanda.orders.model.ledger import Entry as Entry
from comanda.orders.model.ledger import RefundLine as RefundLine
from comanda.orders.model.line import Component as Component
from comanda.orders.model.line import Held as Held
from comanda.orders.model.line import Line as Line
from comanda.orders.model.marks import CodeUse as CodeUse
from comanda.orders.model.marks import Ending as Ending
from comanda.orders.model.marks import Exported as Exported
from comanda.orders.model.marks import Hint as Hint
from comanda.orders.model.marks import Hold as Hold
from comanda.orders.model.order import SCHEMA as SCHEMA
from comanda.orders.model.order import Order as Order
from comanda.orders.model.shipment import Shipment as Shipment
from comanda.orders.model.shipment import ShipmentLine as ShipmentLine
from comanda.orders.model.shipment import tracking_key as tracking_key
from comanda.orders.model.sums import Charge as Charge
from comanda.orders.model.sums import TaxLine as TaxLine
from comanda.orders.model.sums import Totals as Totals
from comanda.orders.model.terms import Terms as Terms
