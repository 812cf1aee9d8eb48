"""Amounts of money in words: the only place that knows how many minor units a currency has."""

# Stripe's zero-decimal currencies
WHOLE_UNITS = (
    "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd",
    "vuv", "xaf", "xof", "xpf",
)  # fmt: skip


def shown(amount: int, currency: str) -> str:
    return f"{amount:,}" if currency in WHOLE_UNITS else f"{amount // 100:,}.{amount % 100:02d}"
