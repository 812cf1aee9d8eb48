"""What speaks against an address, for whoever is about to order to it."""

from typing import Annotated, Any

from pydantic import StringConstraints

from comanda.orders.wire import Body
from comanda.settings.store import SettingsStore

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]


class AskedAddressBody(Body):
    """An address as far as it was typed; every part may be missing."""

    line1: Line = ""
    line2: Line | None = None
    city: Line = ""
    state: Line | None = None
    postal_code: Annotated[str, StringConstraints(strip_whitespace=True, max_length=20)] = ""
    country: Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, max_length=2)] = ""


class AddressQuestionBody(Body):
    """`delivery`: with it what its carrier's labels have room for counts too."""

    address: AskedAddressBody
    delivery: Code | None = None


def asked_of_address(body: AddressQuestionBody, settings: SettingsStore, locale: str) -> dict[str, Any]:
    """The verdict, the findings in words of this language, and the suggestion. Nothing is kept."""
    from comanda.conversation.addresses import told
    from comanda.conversation.speech import Speech
    from comanda.fulfilment.address_check import check_for_carrier

    deliveries = settings.section("shipping")[0].deliveries
    carrier = next((one.carrier for one in deliveries if one.code == body.delivery), "") or ""
    address = {name: text for name, text in body.address.model_dump().items() if text}
    checked = check_for_carrier(address, carrier)
    return told(checked, Speech(locale))
