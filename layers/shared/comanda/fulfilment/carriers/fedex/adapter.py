"""FedEx as a carrier account that tells of parcels, and sells nothing: labels of FedEx come from a broker."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from comanda.fulfilment.carriers.fedex import reading, signature
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
    TrackingReport,
    Unavailable,
    Voiding,
)
from comanda.fulfilment.carriers.rest import READ_SECONDS, Rest, TokenRequest, inside, tables

SELLS_NOTHING = "labels of FedEx are bought from a broker"


class FedEx:
    """`secrets` holds client_id and client_secret of a project with the Track API, and webhook_secrets."""

    code = reading.FEDEX

    def __init__(
        self,
        secrets: Callable[[], Mapping[str, Any]],
        api_base: Callable[[], str],
        *,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        self.rest = Rest("FedEx", secrets, api_base, _token, _reason, read_seconds=read_seconds)

    def track(self, carrier: str, tracking_number: str) -> TrackingReport:
        found = self.track_all([tracking_number])
        if tracking_number not in found:
            raise Refused("FedEx knows nothing of this number")
        return found[tracking_number]

    def track_all(self, numbers: Sequence[str]) -> dict[str, TrackingReport]:
        """Reports by tracking number, as one request; what FedEx does not know is left out. At most
        `reading.MOST_PARCELS` numbers."""
        if len(numbers) > reading.MOST_PARCELS:
            raise ValueError(f"at most {reading.MOST_PARCELS} numbers at once")
        asked = {
            "includeDetailedScans": True,
            "trackingInfo": [{"trackingNumberInfo": {"trackingNumber": one}} for one in numbers],
        }
        answer = self.rest.asked("POST", "/track/v1/trackingnumbers", asked, X_locale="en_US")
        results = reading.results(answer)
        if not results:
            raise Unavailable("FedEx answered without results")
        return {
            number: reading.report(number, result)
            for number, result in results.items()
            if number in numbers and not reading.refusal(result)
        }

    def verify(self, body: bytes, headers: Mapping[str, str], secrets: Iterable[str]) -> None:
        signature.verify(body, headers, secrets)

    def read(self, body: bytes) -> tuple[TrackingReport, ...]:
        return reading.read(body)

    def rates(self, wanted: RateRequest) -> tuple[Rate, ...]:
        return ()

    def prepare(self, wanted: LabelRequest) -> str:
        raise Refused(SELLS_NOTHING)

    def buy(self, wanted: LabelRequest, prepared: str) -> Label:
        raise Refused(SELLS_NOTHING)

    def find(self, reference: str, prepared: str) -> Label | None:
        return None  # nothing is ever bought here

    def file(self, ref: str, tracking_number: str, wanted: Format) -> LabelFile:
        raise Refused(SELLS_NOTHING)

    def void(self, ref: str, tracking_number: str) -> Voiding:
        raise Refused(SELLS_NOTHING)

    def request_pickup(self, wanted: PickupRequest) -> Pickup:
        raise Refused("vans of FedEx are asked for where its labels are bought")


def _token(secret: Mapping[str, Any]) -> TokenRequest:
    form = {
        "grant_type": "client_credentials",
        "client_id": str(secret.get("client_id", "")),
        "client_secret": str(secret.get("client_secret", "")),
    }
    return TokenRequest("/oauth/token", form, {})


def _reason(told: dict[str, Any]) -> str:
    errors = tables(inside(told, "errors"))
    first = errors[0] if errors else {}
    return str(first.get("code") or "")
