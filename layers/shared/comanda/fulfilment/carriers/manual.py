"""A carrier without a connection: staff bring the parcel there and type the number."""

from typing import NoReturn

from comanda.fulfilment.carriers.port import (
    Format,
    Label,
    LabelFile,
    LabelRequest,
    Pickup,
    PickupRequest,
    Rate,
    RateRequest,
    Refused,
    Voiding,
)

MANUAL = "manual"


class Manual:
    """Offers nothing and sells nothing: parcels of such carriers go out by `ship` with the number typed."""

    code = MANUAL

    def rates(self, wanted: RateRequest) -> tuple[Rate, ...]:
        return ()

    def prepare(self, wanted: LabelRequest) -> str:
        _by_hand()

    def buy(self, wanted: LabelRequest, prepared: str) -> Label:
        _by_hand()

    def find(self, reference: str, prepared: str) -> Label | None:
        return None

    def file(self, ref: str, tracking_number: str, wanted: Format) -> LabelFile:
        _by_hand()

    def void(self, ref: str, tracking_number: str) -> Voiding:
        _by_hand()

    def request_pickup(self, wanted: PickupRequest) -> Pickup:
        _by_hand()


def _by_hand() -> NoReturn:
    raise Refused("this carrier has no connection: ship with the number that it gave you")
