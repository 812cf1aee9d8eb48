"""Calls to EasyPost by the official SDK, which is loaded at the first of them: keys, faults, plain data."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from comanda.fulfilment.carriers.port import CannotTell, CarrierError, Refused, Unavailable

if TYPE_CHECKING:
    from easypost.easypost_client import EasyPostClient

VERSION = "v2"
TIMEOUT = 25  # seconds for one request: two of them fit into a claim
PASSING = (401, 402, 403, 429)  # key, balance, right, too many: the operator's to mend, nothing has happened
# Codes of refusals that leave open whether the carrier has sold the postage.
OPEN = ("SHIPMENT.POSTAGE.TIMED_OUT", "SHIPMENT.POSTAGE.NO_RESPONSE", "SHIPMENT.PURCHASE.IN_PROGRESS")
BOUGHT_BEFORE = "SHIPMENT.POSTAGE.EXISTS"
OPEN_STATUSES = (408, 409)  # it came too slowly, or another such request is under way


class BoughtBefore(Exception):
    """The shipment has its postage: whoever bought it, it was bought once."""


class EasyPostApi:
    """`asked` is for what changes nothing, `told` for what may be done although no answer comes."""

    def __init__(self, secrets: Callable[[], Mapping[str, Any]], api_base: Callable[[], str]) -> None:
        self.secrets = secrets
        self.api_base = api_base
        self._made: tuple[str, EasyPostClient] | None = None

    @property
    def client(self) -> Any:
        """The SDK's client, made anew when the key was rotated. Raises Unavailable without a key."""
        from easypost.easypost_client import EasyPostClient

        key = str(self.secrets().get("api_key", ""))
        if not key:
            raise Unavailable("no API key for EasyPost is set")
        if self._made is None or self._made[0] != key:
            base = f"{self.api_base().rstrip('/')}/{VERSION}"
            self._made = (key, EasyPostClient(key, api_base=base, timeout=TIMEOUT))
        return self._made[1]

    def asked(self, call: Callable[[Any], Any]) -> dict[str, Any]:
        """The answer as plain data. Raises Unavailable, Refused."""
        answer = self.found(call, missing=False)
        return answer or {}

    def told(self, call: Callable[[Any], Any]) -> dict[str, Any]:
        """As `asked`; raises CannotTell when it may have been done, BoughtBefore when it was before."""
        return self._plain(call) or {}

    def found(self, call: Callable[[Any], Any], *, missing: bool = True) -> dict[str, Any] | None:
        """As `asked`; None when there is no such thing."""
        try:
            return self._plain(call, missing=missing)
        except CannotTell as unknown:
            raise Unavailable(unknown.reason) from unknown

    def _plain(self, call: Callable[[Any], Any], *, missing: bool = False) -> dict[str, Any] | None:
        from easypost.errors.api.api_error import ApiError
        from easypost.errors.general.easypost_error import EasyPostError

        client = self.client
        try:
            answer = call(client)
        except ApiError as error:
            if missing and error.http_status == 404:
                return None
            raise _problem(error) from error
        except EasyPostError as error:
            raise Refused("EasyPost's library refused the request") from error
        plain: dict[str, Any] = answer.to_dict()
        return plain


def _problem(error: Any) -> CarrierError | BoughtBefore:
    status, code = error.http_status, str(error.code or "")
    if code == BOUGHT_BEFORE:
        return BoughtBefore()
    if status in PASSING:
        return Unavailable(f"EasyPost refuses us ({status} {code})".rstrip())
    if status is None and _never_sent(error):
        return Unavailable("EasyPost cannot be reached")
    if status is None or status >= 500 or status in OPEN_STATUSES or code in OPEN:
        return CannotTell(f"EasyPost does not answer as it should ({status or 'no answer'} {code})".strip())
    return Refused(": ".join(filter(None, (code, str(error.message)))))


def _never_sent(error: Any) -> bool:
    """No connection came about: the SDK's error has that of its HTTP library behind it."""
    from requests.exceptions import ConnectionError as NoConnection
    from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

    behind = error.__context__
    if not isinstance(behind, NoConnection):  # a connect timeout is one too
        return False
    cause = behind.args[0] if behind.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(reason, (NewConnectionError, ConnectTimeoutError))
