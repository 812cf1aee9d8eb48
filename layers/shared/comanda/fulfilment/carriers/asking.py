"""Other functions ask carriers through one that has their libraries: rates, files of labels, vans."""

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from comanda.errors import Busy, WrongState
from comanda.fulfilment.carriers.accounts import Accounts
from comanda.fulfilment.carriers.port import (
    Box,
    CannotTell,
    CarrierError,
    Contact,
    Goods,
    Pickup,
    PickupRequest,
    Rate,
    RateRequest,
    Refused,
    Unavailable,
)
from comanda.fulfilment.labels.files import LabelFiles

ERRORS: dict[str, type[CarrierError]] = {
    "unavailable": Unavailable,
    "refused": Refused,
    "cannot_tell": CannotTell,
}


@dataclass(frozen=True, slots=True)
class Offers:
    """What the accounts offer for one parcel; `failed` names those that could not be asked, and why."""

    rates: tuple[Rate, ...]
    failed: Mapping[str, str]


class CarrierDesk(Protocol):
    """Where the others ask. Raises Busy where trying again helps."""

    def rates(self, accounts: Sequence[str], wanted: RateRequest) -> Offers: ...

    def keep_file(self, account: str, order_id: str, label_id: str, of: Mapping[str, str]) -> None:
        """Fetch the file of a label (`ref`, `tracking_number`, `format`) into the bucket. Raises WrongState
        when the carrier has none."""
        ...

    def request_pickup(self, account: str, wanted: PickupRequest) -> Pickup:
        """Raises Refused, Unavailable, CannotTell."""
        ...


class LambdaCarrierDesk:
    """`connect` makes the client of Lambda on first use; `function` is the function's name."""

    def __init__(self, connect: Callable[[], Any], function: str) -> None:
        self._connect = connect
        self._function = function
        self._client: Any = None

    def rates(self, accounts: Sequence[str], wanted: RateRequest) -> Offers:
        if not accounts:
            return Offers((), {})
        told = self._asked({"ask": "rates", "accounts": list(accounts), "request": asdict(wanted)})
        return Offers(tuple(Rate(**one) for one in told["rates"]), told["failed"])

    def keep_file(self, account: str, order_id: str, label_id: str, of: Mapping[str, str]) -> None:
        asked = {"ask": "file", "account": account, "order_id": order_id, "label_id": label_id, **of}
        try:
            _judged(self._asked(asked))
        except Refused as refused:
            raise WrongState("no-label-file", refused.reason) from refused
        except CarrierError as error:
            raise Busy(error.reason) from error

    def request_pickup(self, account: str, wanted: PickupRequest) -> Pickup:
        told = _judged(self._asked({"ask": "pickup", "account": account, "request": asdict(wanted)}))
        return Pickup(**told["pickup"])

    def _asked(self, event: dict[str, Any]) -> dict[str, Any]:
        if self._client is None:
            self._client = self._connect()
        try:
            answer = self._client.invoke(FunctionName=self._function, Payload=json.dumps(event).encode())
        except (ClientError, BotoCoreError) as error:
            raise Busy("the carriers cannot be asked just now") from error
        told = json.loads(answer["Payload"].read())
        if answer.get("FunctionError"):
            raise Busy("the carriers cannot be asked just now")
        return dict(told)


def answered(event: Mapping[str, Any], accounts: Accounts, files: Callable[[], LabelFiles]) -> dict[str, Any]:
    """What the function with the libraries answers to `event`."""
    if event["ask"] == "rates":
        return _offers(event["accounts"], _rate_request(event["request"]), accounts)
    try:
        carrier = accounts.of(event["account"])
        if event["ask"] == "file":
            file = carrier.file(event["ref"], event["tracking_number"], event["format"])
            files().keep(event["order_id"], event["label_id"], file)
            return {"format": file.format}
        return {"pickup": asdict(carrier.request_pickup(_pickup_request(event["request"])))}
    except CarrierError as error:
        return {"error": _kind(error), "reason": error.reason}


def _offers(codes: Sequence[str], wanted: RateRequest, accounts: Accounts) -> dict[str, Any]:
    """All accounts at once: a slow one keeps nobody waiting but for itself."""

    def ask(code: str) -> tuple[list[dict[str, Any]], str]:
        try:
            return [asdict(rate) for rate in accounts.of(code).rates(wanted)], ""
        except CarrierError as error:
            return [], error.reason

    with ThreadPoolExecutor(max_workers=max(len(codes), 1)) as pool:
        told = dict(zip(codes, pool.map(ask, codes), strict=True))
    rates = [rate for found, _ in told.values() for rate in found]
    return {"rates": rates, "failed": {code: reason for code, (_, reason) in told.items() if reason}}


def _judged(told: dict[str, Any]) -> dict[str, Any]:
    if "error" in told:
        raise ERRORS[told["error"]](told["reason"])
    return told


def _kind(error: CarrierError) -> str:
    return next(name for name, kind in ERRORS.items() if isinstance(error, kind))


def _rate_request(told: Mapping[str, Any]) -> RateRequest:
    return RateRequest(
        sender=Contact(**told["sender"]),
        recipient=Contact(**told["recipient"]),
        box=Box(**told["box"]),
        goods=tuple(Goods(**one) for one in told["goods"]),
        reference=told["reference"],
        currency=told["currency"],
    )


def _pickup_request(told: Mapping[str, Any]) -> PickupRequest:
    made = {
        "place": Contact(**told["place"]),
        "boxes": tuple(Box(**one) for one in told["boxes"]),
        "labels": tuple(told["labels"]),
    }
    return PickupRequest(**{**told, **made})
