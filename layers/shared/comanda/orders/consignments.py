"""Parcels that left together: those of one `ship` are a consignment. Pure."""

from collections.abc import Iterable

from comanda.orders.model import Order, Shipment


def consignment_of(parcel: Shipment) -> str:
    """The id of the consignment: of its first parcel. A parcel that went alone is one by itself."""
    return parcel.consignment or parcel.shipment_id


def together(parcels: Iterable[Shipment], consignment: str) -> tuple[Shipment, ...]:
    """The parcels of a consignment as they were counted when they left."""
    own = (one for one in parcels if consignment_of(one) == consignment)
    return tuple(sorted(own, key=lambda one: one.shipment_id))


def nth(order: Order, parcel: Shipment) -> tuple[int, int]:
    """Which parcel of how many of its consignment it is."""
    own = together(order.shipments, consignment_of(parcel))
    return own.index(parcel) + 1, len(own)


def consignments(parcels: Iterable[Shipment]) -> list[tuple[Shipment, ...]]:
    """All consignments, what left first comes first."""
    known = tuple(parcels)
    names = {consignment_of(one): None for one in sorted(known, key=lambda p: (p.shipped_at, p.shipment_id))}
    return [together(known, name) for name in names]


def parcel_id(first: str, number: int) -> str:
    """The id of the `number`-th parcel of a consignment whose first has the id `first`: they sort as they are
    counted, up to 99."""
    return first if number == 1 else f"{first}-{number:02d}"
