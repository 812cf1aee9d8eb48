"""Money: integer minor units and an ISO 4217 code; never a float."""

from collections.abc import Sequence
from dataclasses import dataclass

# Currencies whose minor unit is not a hundredth (ISO 4217, CLDR 48 supplemental data).
EXPONENTS = {"CLP": 0, "JPY": 0, "KRW": 0, "PYG": 0, "KWD": 3, "BHD": 3, "TND": 3}


def exponent(currency: str) -> int:
    """Digits after the decimal separator of `currency`."""
    return EXPONENTS.get(currency, 2)


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """`amount` minor units of `currency`. Arithmetic refuses to mix currencies (ValueError)."""

    amount: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        return other.amount

    def to_dict(self) -> dict[str, int | str]:
        return {"amount": self.amount, "currency": self.currency}

    def decimal(self) -> str:
        """Plain decimal text, as machines read it: 1234.50."""
        return decimal_text(self.amount, self.currency)


def decimal_text(amount: int, currency: str) -> str:
    """`amount` minor units as plain decimal text with a point."""
    digits = exponent(currency)
    sign, whole = ("-" if amount < 0 else ""), abs(amount)
    if digits == 0:
        return f"{sign}{whole}"
    return f"{sign}{whole // 10**digits}.{whole % 10**digits:0{digits}d}"


def share(amount: int, weights: Sequence[int]) -> list[int]:
    """Split `amount` in proportion to `weights` by largest remainder; the parts add up exactly.

    Ties go to the earlier part. With no weight at all everything goes to the first part.
    """
    total = sum(weights)
    if not weights:
        return []
    if total == 0:
        return [amount] + [0] * (len(weights) - 1)
    parts = [amount * weight // total for weight in weights]
    left = amount - sum(parts)
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % total), i))
    for i in by_remainder[:left]:
        parts[i] += 1
    return parts


def fraction_of(amount: int, rate_ppm: int) -> int:
    """`amount` times a rate in millionths, rounded half away from zero."""
    scaled = abs(amount) * rate_ppm
    rounded = (scaled + 500_000) // 1_000_000
    return rounded if amount >= 0 else -rounded


def tax_within(gross: int, rate_ppm: int) -> int:
    """The tax contained in a tax-inclusive amount, rounded half away from zero."""
    divisor = 1_000_000 + rate_ppm
    scaled = abs(gross) * rate_ppm
    rounded = (2 * scaled + divisor) // (2 * divisor)
    return rounded if gross >= 0 else -rounded
