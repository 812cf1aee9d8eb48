"""Reads the parameters of one call, refusing what Stripe would refuse."""

import re
from collections.abc import Mapping

from local.peers.database import Json
from local.peers.stripe.errors import ApiError, invalid, missing
from local.peers.stripe.form import Form, FormError, as_array

MAX_METADATA_KEYS = 50
MAX_METADATA_KEY = 40
MAX_METADATA_VALUE = 500


class Params:
    def __init__(self, form: Form) -> None:
        self._form = form

    def __contains__(self, name: str) -> bool:
        return name in self._form

    def is_group(self, name: str) -> bool:
        return isinstance(self._form.get(name), dict)

    def only(self, *known: str) -> None:
        for name in self._form:
            if name not in known:
                raise invalid(f"Received unknown parameter: {name}", name, "parameter_unknown")

    def text(self, name: str) -> str | None:
        value = self._form.get(name)
        if value is not None and not isinstance(value, str):
            raise invalid(f"Invalid string: {name}", name)
        return value or None

    def required(self, name: str) -> str:
        value = self.text(name)
        if value is None:
            raise missing(name)
        return value

    def integer(self, name: str) -> int | None:
        value = self.text(name)
        if value is None:
            return None
        if not re.fullmatch(r"-?[0-9]{1,15}", value):
            raise invalid(f"Invalid integer: {value}", name, "parameter_invalid_integer")
        return int(value)

    def boolean(self, name: str) -> bool | None:
        value = self.text(name)
        if value not in (None, "true", "false"):
            raise invalid(f"Invalid boolean: {value}", name)
        return None if value is None else value == "true"

    def choice(self, name: str, *options: str) -> str | None:
        value = self.text(name)
        if value is not None and value not in options:
            raise invalid(f"Invalid {name}: must be one of {', '.join(options)}", name)
        return value

    def array(self, name: str) -> list[str]:
        if name not in self._form:
            return []
        try:
            values = as_array(self._form[name])
        except FormError as error:
            raise invalid(f"Invalid array: {error}", name) from error
        if not all(isinstance(value, str) for value in values):
            raise invalid("Invalid array: each element is a string", name)
        return values

    def group(self, name: str) -> Json | None:
        value = self._form.get(name)
        if value in (None, ""):
            return None
        if not isinstance(value, dict):
            raise invalid(f"Invalid object: {name}", name)
        return value

    def metadata(self, before: Mapping[str, str]) -> dict[str, str]:
        """The metadata after this call: named keys change, blank values remove, a blank whole clears."""
        if "metadata" not in self._form:
            return dict(before)
        given = self.group("metadata")
        if given is None:
            return {}
        for key, value in given.items():
            if not isinstance(value, str) or len(key) > MAX_METADATA_KEY or len(value) > MAX_METADATA_VALUE:
                raise invalid(f"Invalid metadata: {key}", f"metadata[{key}]")
        after = {key: value for key, value in {**before, **given}.items() if value != ""}
        if len(after) > MAX_METADATA_KEYS:
            raise invalid(f"Metadata holds at most {MAX_METADATA_KEYS} keys", "metadata")
        return after


def refuse_card_data(params: Params) -> None:
    """Numbers of cards are not taken here: a test token says all there is to know."""
    data = params.group("payment_method_data") or {}
    if "card" in params or "card" in data or "number" in params:
        raise ApiError(
            400, "Card data is not accepted; use a test payment method such as pm_card_visa.",
            param="payment_method_data", code="parameter_unknown",
        )  # fmt: skip
