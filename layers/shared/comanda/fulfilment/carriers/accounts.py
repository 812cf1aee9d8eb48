"""The carrier accounts of a shop: which adapter speaks for which code."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from comanda.fulfilment.carriers.port import Carrier

type Secrets = Callable[[], Mapping[str, Any]]
type Maker = Callable[[Secrets], Carrier]


class Accounts:
    """Adapters by the code of their account, each made when it is first asked for.

    `makers` names every adapter of the house; `enabled` says which accounts the shop has switched on;
    `secrets` gives what the secret `CARRIER_SECRETS` holds under a code (`api_key`, `webhook_secrets` …).
    """

    def __init__(
        self,
        makers: Mapping[str, Maker],
        enabled: Callable[[], Iterable[str]],
        secrets: Callable[[str], Mapping[str, Any]],
    ) -> None:
        self.makers = makers
        self.enabled = enabled
        self.secrets = secrets
        self._made: dict[str, Carrier] = {}

    def codes(self) -> tuple[str, ...]:
        """The accounts that are switched on and that somebody here speaks for, in the shop's order."""
        return tuple(code for code in self.enabled() if code in self.makers)

    def of(self, code: str) -> Carrier:
        """The adapter of an account, switched on or not (a label outlives its account's switch). Raises
        KeyError for a code that nobody speaks for."""
        if code not in self._made:
            self._made[code] = self.makers[code](lambda: self.secrets(code))
        return self._made[code]
