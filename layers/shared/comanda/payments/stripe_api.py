"""Calls to Stripe by the official SDK, which is loaded at the first of them: keys, faults, repetitions."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from comanda.errors import ProviderUnavailable
from comanda.payments.provider import ProviderRefused

if TYPE_CHECKING:
    from stripe import StripeClient

TIMEOUT = 6.0  # seconds for one request
RETRIES = 1  # a connection that slept with the function is dead on its first use
TURNS = 20
WRONG_KEY = (401, 403)
OTHER_REQUEST = "idempotency_error"  # the key was used for something else before
MISSING = "resource_missing"


class StripeApi:
    """Everything raises ProviderUnavailable and ProviderRefused as the port has it."""

    def __init__(self, secret_of: Callable[[], Mapping[str, Any]], api_base: Callable[[], str]) -> None:
        self.secret_of = secret_of
        self.api_base = api_base
        self._made: tuple[str, StripeClient] | None = None

    @property
    def v1(self) -> Any:
        """The SDK's client, made anew when the key was rotated."""
        from stripe import RequestsClient, StripeClient

        key = str(self.secret_of().get("api_key", ""))
        if not key:
            raise ProviderUnavailable("no API key for Stripe is set")
        if self._made is None or self._made[0] != key:
            client = StripeClient(
                key,
                base_addresses={"api": self.api_base()},
                max_network_retries=RETRIES,
                http_client=RequestsClient(timeout=TIMEOUT),
            )
            self._made = (key, client)
        return self._made[1].v1

    def keyed(self, key: str, call: Callable[[Any], Any]) -> Any:
        """Call under an idempotency key. A refusal that Stripe only repeats from an earlier try is
        old news: the next key of the series asks anew. Each worker walks the same series."""
        from stripe import StripeError

        for turn in range(1, TURNS + 1):
            try:
                return call({"idempotency_key": key if turn == 1 else f"{key}:{turn}"})
            except StripeError as error:
                problem = _problem(error)
                if not (isinstance(problem, ProviderRefused) and _replayed(error)):
                    raise problem from error
        raise ProviderRefused("refused_too_often")

    def called(self, call: Callable[[], Any]) -> Any:
        from stripe import StripeError

        try:
            return call()
        except StripeError as error:
            raise _problem(error) from error

    def found(self, call: Callable[[], Any]) -> dict[str, Any] | None:
        """What is read, as plain data; None when there is none."""
        try:
            read: dict[str, Any] = self.called(call).to_dict()
        except ProviderRefused as refused:
            if refused.code == MISSING:
                return None
            raise
        return read


def _problem(error: Any) -> Exception:
    """Passing or final. A wrong key is the operator's to mend, not the customer's fault: passing."""
    from stripe import IdempotencyError

    status = error.http_status
    if status is None or status >= 500 or status in (409, 429, *WRONG_KEY):
        return ProviderUnavailable(f"Stripe does not answer as it should ({status or 'no connection'})")
    if isinstance(error, IdempotencyError):
        return ProviderRefused(OTHER_REQUEST)
    return ProviderRefused(str(error.code or "refused"))


def _replayed(error: Any) -> bool:
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    return str(headers.get("idempotent-replayed", "")).lower() == "true"
