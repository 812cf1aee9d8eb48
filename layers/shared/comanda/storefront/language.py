"""Which language a storefront is answered in."""

from typing import Any

from comanda.conversation.catalogue import language, preferred
from comanda.runtime.requests import header, query
from comanda.settings.store import SettingsStore


def language_of(event: dict[str, Any], settings: SettingsStore) -> str:
    """That of `?locale=`, else the browser's, else the shop's."""
    asked = query(event, "locale")
    if asked:
        return language(asked)
    shop, _ = settings.section("shop")
    return preferred(header(event, "accept-language"), shop.locale)
