"""Senders, receivers and parcels for tests of carriers."""

from comanda.fulfilment.carriers.port import (
    Box,
    Contact,
    Format,
    Goods,
    LabelRequest,
    PickupRequest,
    RateRequest,
)

SHOP = Contact(
    "Barro y Lana",
    "Calzada de los Constituyentes Poniente 1020, Bodega 3",
    "Querétaro",
    "MX",
    "76180",
    "QRO",
    company="Barro y Lana, S. de R.L. de C.V., Artesanías",
    phone="+52 442 123 4567",
)
ANA = Contact(
    "Ana Muñoz",
    "Av. Álvaro Obregón 45",
    "Cuauhtémoc",
    "MX",
    "06700",
    "CDMX",
    phone="55 1234 5678",
)
ABROAD = Contact("Ann Lee", "2311 York Rd", "Timonium", "US", "21093", "MD")
BOX = Box(1250, 300, 205, 101)
REFERENCE = "01JD-label-1"


def rates(recipient: Contact = ANA, sender: Contact = SHOP, box: Box = BOX) -> RateRequest:
    goods = (Goods("Café", 2, 11600, "MXN"),)
    return RateRequest(sender, recipient, box, goods, "P-000123", "MXN")


def label(recipient: Contact = ANA, service: str = "11", format: Format = "zpl") -> LabelRequest:
    return LabelRequest(REFERENCE, SHOP, recipient, BOX, "ups", service, format=format, printed="P-000123")


def van() -> PickupRequest:
    return PickupRequest(
        "01JD-van", SHOP, "ups", "2026-11-24", "10:00", "16:30", (BOX, Box(33_000)), note="Timbre 2"
    )
