"""Tokens that can be made again from what they are for, so that none is ever stored.

A token is an HMAC of its purpose; stored is only its hash. Two keys are valid at a time, so the
signing key can be rotated: new tokens are made with `current`, old ones still fit `previous`.
"""

import base64
from dataclasses import dataclass

from comanda.ids import derived_token, same_token, token_hash


@dataclass(frozen=True, slots=True)
class Keys:
    """The signing keys. `previous` is empty when there was no rotation."""

    current: str
    previous: str = ""

    def access(self, order_id: str, version: int) -> str:
        """The token with which a customer sees one order."""
        return derived_token(self.current, "order", order_id, str(version))

    def opens(self, token: str, order_id: str, version: int) -> bool:
        """Whether `token` is the order's access token under either key."""
        return any(
            same_token(token, derived_token(key, "order", order_id, str(version))) for key in self._keys()
        )

    def link(self, purpose: str, order_id: str, serial: str) -> str:
        """A mailed link's token."""
        return derived_token(self.current, "link", purpose, order_id, serial)

    def link_with_hash(self, purpose: str, order_id: str, serial: str, wanted: str) -> str | None:
        """The token whose stored hash is `wanted`, under whichever key it was made."""
        tokens = (derived_token(key, "link", purpose, order_id, serial) for key in self._keys())
        return next((token for token in tokens if token_hash(token) == wanted), None)

    def customer(self, customer_id: str, version: int) -> str:
        """The token that keeps a verified customer signed in: readable id, then the proof."""
        proof = derived_token(self.current, "customer", customer_id, str(version))
        return f"{_text(customer_id)}.{version}.{proof}"

    def customer_of(self, token: str) -> tuple[str, int] | None:
        """Customer id and token version of a genuine token, else None."""
        head, _, rest = token.partition(".")
        number, _, proof = rest.partition(".")
        if not number.isdecimal() or not head.isascii() or not proof.isascii():
            return None
        try:
            customer_id = base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)).decode()
        except ValueError:
            return None
        genuine = any(
            same_token(proof, derived_token(key, "customer", customer_id, number)) for key in self._keys()
        )
        return (customer_id, int(number)) if genuine else None

    @property
    def active(self) -> tuple[str, ...]:
        """The keys that count, the present one first."""
        return self._keys()

    def _keys(self) -> tuple[str, ...]:
        return (self.current, self.previous) if self.previous else (self.current,)


def _text(value: str) -> str:
    return base64.urlsafe_b64encode(value.encode()).decode().rstrip("=")
