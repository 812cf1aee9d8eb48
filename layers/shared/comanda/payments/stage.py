"""Live keys belong to prod and to nothing else: a test order must never move real money."""

from comanda.errors import ProviderUnavailable

LIVE = ("sk_live_", "rk_live_")
TEST = ("sk_test_", "rk_test_")


class KeyOfAnotherStage(ProviderUnavailable):
    """The secret holds a key that this stage refuses; nothing is sent with it."""

    title = "The payment provider is not set up for this stage"


def key_for(stage: str, api_key: str) -> str:
    """The key, if this stage may use it. Raises KeyOfAnotherStage."""
    if api_key.startswith(LIVE) and stage != "prod":
        raise KeyOfAnotherStage(f"a live key in stage {stage}: use a test key")
    if api_key.startswith(TEST) and stage == "prod":
        raise KeyOfAnotherStage("a test key in prod: customers would pay with test cards")
    return api_key
