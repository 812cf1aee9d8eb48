"""Which language a storefront is answered in."""

from collections.abc import Callable
from typing import Any

from comanda.conversation.catalogue import language, preferred
from comanda.runtime.requests import header, query
from comanda.settings.store import SettingsStore


def language_of(event: dict[str, Any], settings: SettingsStore) -> str:
    """That of `?locale=`, else the browser's, else the shop's."""
    if asked := query(event, "locale"):
        return language(asked)
    shop, _ = settings.section("shop")
    return tongue_of(event)(shop.locale)


def tongue_of(event: dict[str, Any]) -> Callable[[str], str]:
    """The same for who reads the shop's settings anyway: it takes the shop's language."""
    asked, accepted = query(event, "locale"), header(event, "accept-language")
    return lambda shop_locale: language(asked) if asked else preferred(accepted, shop_locale)
