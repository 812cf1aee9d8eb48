"""FedEx, asked after parcels; labels of FedEx come from a broker, so it is no account to buy from."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from comanda.fulfilment.carriers.fedex import reading
from comanda.fulfilment.carriers.port import Unavailable
from comanda.fulfilment.carriers.rest import READ_SECONDS, Rest, TokenRequest, inside, tables
from comanda.fulfilment.carriers.tracker import TrackingReport


class FedEx:
    """`secrets` holds client_id and client_secret of a project with the Track API."""

    def __init__(
        self,
        secrets: Callable[[], Mapping[str, Any]],
        api_base: Callable[[], str],
        *,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        self.rest = Rest("FedEx", secrets, api_base, _token, _reason, read_seconds=read_seconds)

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
