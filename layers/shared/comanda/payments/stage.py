"""Live keys belong to prod and to nothing else: a test order must never move real money."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from comanda.errors import ProviderUnavailable

LIVE = ("sk_live_", "rk_live_")
TEST = ("sk_test_", "rk_test_")


class KeyOfAnotherStage(ProviderUnavailable):
    """The secret holds a key that this stage refuses; nothing is sent with it."""

    title = "The payment provider is not set up for this stage"


def mercadopago_keys(stage: str, keys: Mapping[str, Any]) -> Mapping[str, Any]:
    """The keys, if this stage may use them. A test user's token looks like a live one (`APP_USR-…`), so
    whoever puts it there says `"test_user": true` beside it. Raises KeyOfAnotherStage."""
    token = str(keys.get("access_token", ""))
    test = token.startswith("TEST-") or keys.get("test_user") is True
    if token and not test and stage != "prod":
        raise KeyOfAnotherStage(f"a live token of Mercado Pago in stage {stage}: use a test user's")
    if token and test and stage == "prod":
        raise KeyOfAnotherStage("a test token of Mercado Pago in prod: customers would pay with test cards")
    return keys


def key_for(stage: str, api_key: str) -> str:
    """The key, if this stage may use it. Raises KeyOfAnotherStage."""
    if api_key.startswith(LIVE) and stage != "prod":
        raise KeyOfAnotherStage(f"a live key in stage {stage}: use a test key")
    if api_key.startswith(TEST) and stage == "prod":
        raise KeyOfAnotherStage("a test key in prod: customers would pay with test cards")
    return api_key


PAYPAL_DOMAIN = ".paypal.com"
PAYPAL_LIVE = ("api-m.paypal.com", "api.paypal.com")


def paypal_base(stage: str, base: str) -> str:
    """The address of PayPal's API without a slash behind, if this stage may use it: PayPal's keys do not
    tell live from sandbox, its addresses do. Raises KeyOfAnotherStage."""
    host = urlsplit(base).hostname or ""
    if host in PAYPAL_LIVE and stage != "prod":
        raise KeyOfAnotherStage(f"PayPal's live address in stage {stage}: use its sandbox")
    if host not in PAYPAL_LIVE and stage == "prod":
        raise KeyOfAnotherStage("PayPal's sandbox in prod: customers would pay with play money")
    return base.rstrip("/")
