"""What carriers' answers, and none, mean for whoever has asked for something that costs money."""

import json
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
)

from comanda.fulfilment.carriers.easypost import EasyPost
from comanda.fulfilment.carriers.easypost_api import BoughtBefore, EasyPostApi
from comanda.fulfilment.carriers.port import (
    Box,
    CannotTell,
    CarrierError,
    Contact,
    LabelRequest,
    Refused,
    Unavailable,
)
from comanda.fulfilment.carriers.ups.adapter import Ups

pytestmark = pytest.mark.capability("D12")
SECRETS = {"client_id": "c", "client_secret": "s", "account_number": "A1B2C3", "api_key": "EZ"}
HERE = Contact("Almacén", "Calle 10", "Naucalpan", "MX", "53000", "MEX")
WANTED = LabelRequest("order-l1", HERE, HERE, Box(1200), "fedex", "GROUND")
TOKEN = {"access_token": "t", "expires_in": "3600"}


@dataclass
class Answer:
    status: int
    told: Any = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        return json.dumps(self.told).encode()


@dataclass
class Wire:
    """Gives out tokens, and to every other request the same answer or fault."""

    answer: Answer | HTTPError
    asked: int = 0

    def request(self, method: str, url: str, **_: Any) -> Answer:
        if url.endswith("/oauth/token"):
            return Answer(200, TOKEN)
        self.asked += 1
        if isinstance(self.answer, HTTPError):
            raise self.answer
        return self.answer

    def clear(self) -> None:
        pass


def ups(answer: Answer | HTTPError) -> tuple[Ups, Wire]:
    account, wire = Ups(lambda: SECRETS, lambda: "http://ups"), Wire(answer)
    account.rest._connections = wire  # type: ignore[assignment]
    return account, wire


LOST = [
    ReadTimeoutError(None, "/", "slow"),  # type: ignore[arg-type]
    ProtocolError("cut"),
    *(Answer(status) for status in (200, 202, 204, 408, 409, 500, 502, 503, 504)),
]
NOTHING_HAPPENED = [
    NewConnectionError(None, "refused"),  # type: ignore[arg-type]
    ConnectTimeoutError("nobody"),
    Answer(401),
    Answer(403),
    Answer(429),
]


@pytest.mark.parametrize("answer", LOST)
def test_ups_may_have_sold_what_it_did_not_answer_for(answer: Any) -> None:
    account, wire = ups(answer)
    with pytest.raises(CannotTell):
        account.buy(WANTED, "")
    assert wire.asked == 1


@pytest.mark.parametrize("answer", NOTHING_HAPPENED)
def test_what_ups_did_not_take_in_may_be_asked_again(answer: Any) -> None:
    account, _ = ups(answer)
    with pytest.raises(Unavailable):
        account.buy(WANTED, "")
    with pytest.raises(Unavailable):
        account.void("1Z", "1Z")


@pytest.mark.parametrize("status", [202, 409, 504])
def test_a_question_that_got_no_answer_is_asked_again(status: int) -> None:
    account, _ = ups(Answer(status))
    with pytest.raises(Unavailable):
        account.track("1Z")


def no(words: str) -> Answer:
    return Answer(400, {"response": {"errors": [{"code": "190117", "message": words}]}})


def test_a_label_that_is_void_already_is_given_back() -> None:
    assert ups(no("The shipment has already been voided"))[0].void("1Z", "1Z") == "voided"
    status = {"Status": {"Code": "&#xD;&#xD;1"}}
    told = Answer(200, {"VoidShipmentResponse": {"SummaryResult": status}})
    assert ups(told)[0].void("1Z", "1Z") == "voided"
    for words in (
        "Time for voiding has expired",
        "The shipment was already picked up",
        "The package has already been picked up and cannot be voided",
        "The shipment has already been billed; it may not be voided",
    ):
        with pytest.raises(Refused):
            ups(no(words))[0].void("1Z", "1Z")


# -- EasyPost ---------------------------------------------------------------------------------------


class SoldBefore:
    """EasyPost says that the postage exists, and cannot show it."""

    looks = 0

    def __init__(self, answer: CarrierError) -> None:
        self.answer = answer

    def asked(self, call: Any) -> dict[str, Any]:
        self.looks += 1
        if self.looks > 1:
            raise self.answer
        return {"rates": [{"id": "r", "carrier": "FedEx", "service": "GROUND", "rate": "1.00"}]}

    def told(self, call: Any) -> dict[str, Any]:
        raise BoughtBefore


@pytest.mark.parametrize("answer", [Unavailable("down"), Refused("not found")])
def test_what_is_known_to_be_sold_is_not_called_unsold(answer: CarrierError) -> None:
    account = EasyPost(lambda: SECRETS, lambda: "http://easypost")
    account.api = SoldBefore(answer)  # type: ignore[assignment]
    with pytest.raises(CannotTell):
        account.buy(WANTED, "shp_1")


@pytest.mark.parametrize(
    ("fault", "means"),
    [
        (NewConnectionError(None, "refused"), Unavailable),  # type: ignore[arg-type]
        (ConnectTimeoutError("nobody"), Unavailable),
        (ReadTimeoutError(None, "/", "slow"), CannotTell),  # type: ignore[arg-type]
        (ProtocolError("cut"), CannotTell),
        (Answer(202), CannotTell),
        (Answer(408), CannotTell),
        (Answer(409), CannotTell),
        (Answer(500), CannotTell),
        (Answer(429), Unavailable),
        (Answer(402), Unavailable),
        (Answer(422), Refused),
    ],
)
def test_easypost_says_what_may_have_happened(
    fault: Any, means: type[CarrierError], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("urllib3.connectionpool.HTTPConnectionPool._make_request", wired(fault))
    api = EasyPostApi(lambda: SECRETS, lambda: "http://easypost.test")
    with pytest.raises(means):
        api.told(lambda client: client.shipment.buy("shp_1", rate={"id": "r"}))


def wired(fault: Any) -> Any:
    """Requests of the HTTP library below the SDK end like this."""
    from urllib3 import HTTPResponse

    def request(pool: Any, conn: Any, method: str, url: str, **more: Any) -> Any:
        if isinstance(fault, Exception):
            raise fault
        body = b"" if fault.status < 300 else b'{"error": {"code": "X", "message": "no"}}'
        return HTTPResponse(BytesIO(body), status=fault.status, preload_content=False, request_method=method)

    return request
