"""UPS as a carrier account: its REST API under an OAuth token of client credentials."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from comanda.fulfilment.carriers.port import (
    CannotTell,
    Format,
    Label,
    LabelFile,
    LabelRequest,
    Pickup,
    PickupRequest,
    Rate,
    RateRequest,
    Refused,
    Unavailable,
    Voiding,
)
from comanda.fulfilment.carriers.rest import READ_SECONDS, Rest, TokenRequest
from comanda.fulfilment.carriers.tracker import TrackingReport
from comanda.fulfilment.carriers.ups import parts, reading

VERSION = "v2409"
RECOVERY_VERSION = "v1903"
SOURCE = "comanda"


class Ups:
    """`secrets` holds client_id, client_secret and account_number (six characters). UPS has no idempotency
    key: a purchase is one request, which is looked for by our reference before anybody asks again."""

    code = reading.UPS

    def __init__(
        self,
        secrets: Callable[[], Mapping[str, Any]],
        api_base: Callable[[], str],
        *,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        self.secrets = secrets
        self.rest = Rest("UPS", secrets, api_base, _token, reading.reason, read_seconds=read_seconds)

    def rates(self, wanted: RateRequest) -> tuple[Rate, ...]:
        asked = parts.rate_request(wanted, self._account())
        return reading.rates(self.rest.asked("POST", f"/api/rating/{VERSION}/Shoptimeintransit", asked))

    def prepare(self, wanted: LabelRequest) -> str:
        return ""  # UPS sells in one step

    def buy(self, wanted: LabelRequest, prepared: str) -> Label:
        asked = parts.ship_request(wanted, self._account())
        answer = self.rest.told("POST", f"/api/shipments/{VERSION}/ship", asked)
        label = reading.bought(answer, wanted.service, wanted.format)
        if label is None:
            raise CannotTell("UPS answered without a label")
        return label

    def find(self, reference: str, prepared: str) -> Label | None:
        """By recovering the label under our reference. That UPS has none does not prove that it sold none: a
        label can be recovered only once it is filed there."""
        asked = parts.recovery_request("PDF", self._account(), reference=reference)
        try:
            answer = self.rest.asked("POST", f"/api/labels/{RECOVERY_VERSION}/recovery", asked)
        except Refused as refusal:
            raise CannotTell(f"no label can be recovered: {refusal.reason}") from refusal
        label = reading.recovered(answer)
        if label is None:
            raise CannotTell("UPS has no label under this reference yet")
        return label

    def file(self, ref: str, tracking_number: str, wanted: Format) -> LabelFile:
        asked = parts.recovery_request(
            parts.RECOVERED[wanted], self._account(), tracking_number=tracking_number
        )
        label = reading.recovered(self.rest.asked("POST", f"/api/labels/{RECOVERY_VERSION}/recovery", asked))
        if label is None or label.file is None:
            raise Unavailable("UPS answered without the label's file")
        return label.file

    def void(self, ref: str, tracking_number: str) -> Voiding:
        path = f"/api/shipments/{VERSION}/void/cancel/{quote(ref, safe='')}"
        try:
            answer = self.rest.told("DELETE", path)
        except Refused as refusal:
            if reading.voided_before(refusal.reason):
                return "voided"
            raise
        if not reading.voided(answer):
            raise Refused("UPS does not take the label back")
        return "voided"

    def track(self, tracking_number: str) -> TrackingReport:
        """All scans that UPS knows of. Refused for a number that it does not know."""
        path = f"/api/track/v1/details/{quote(tracking_number, safe='')}?locale=en_US"
        answer = self.rest.asked("GET", path, transId=uuid.uuid4().hex, transactionSrc=SOURCE)
        report = reading.tracked(answer, tracking_number)
        if report is None:
            raise Refused("UPS knows nothing of this number")
        return report

    def track_all(self, numbers: Sequence[str]) -> dict[str, TrackingReport]:
        """Reports by tracking number, one question each; what UPS does not know is left out."""
        found = {}
        for number in numbers:
            try:
                found[number] = self.track(number)
            except Refused:
                continue
        return found

    def request_pickup(self, wanted: PickupRequest) -> Pickup:
        asked = parts.pickup_request(wanted, self._account())
        number = reading.pickup(self.rest.told("POST", f"/api/pickupcreation/{VERSION}/pickup", asked))
        if not number:
            raise CannotTell("UPS answered without the pickup's number")
        return Pickup(number, number)

    def _account(self) -> str:
        account = str(self.secrets().get("account_number", ""))
        if not account:
            raise Unavailable("no account number for UPS is set")
        return account


def _token(secret: Mapping[str, Any]) -> TokenRequest:
    from urllib3.util import make_headers

    headers = make_headers(basic_auth=f"{secret.get('client_id')}:{secret.get('client_secret')}")
    headers["x-merchant-id"] = str(secret.get("account_number", ""))
    return TokenRequest("/security/v1/oauth/token", {"grant_type": "client_credentials"}, headers)
