"""Carriers: their names and pages, and the port through which labels are bought from them."""

from comanda.fulfilment.carriers.names import EASYPOST as EASYPOST
from comanda.fulfilment.carriers.names import SERVED as SERVED
from comanda.fulfilment.carriers.names import TRACKING_PAGES as TRACKING_PAGES
from comanda.fulfilment.carriers.names import carrier_code as carrier_code
from comanda.fulfilment.carriers.names import tracking_page as tracking_page
