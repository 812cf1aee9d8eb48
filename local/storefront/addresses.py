"""What the shop's check says of a typed address: a hint beside the order, never a hindrance."""

from collections.abc import Mapping

from local.storefront.api import Api, Down, Json, Problem
from local.storefront.checkout import ADDRESS, needs_address, typed_in_group


def hint_for(api: Api, values: Mapping[str, str], form: Json) -> Json | None:
    """`{findings, suggestion}` of the address that the order goes to, or None: where nothing is sent, where
    nothing is to be said, and where the check does not answer. `suggestion` has the names of the form."""
    delivery = values.get("delivery", "")
    if not needs_address(form, delivery):
        return None
    try:
        found = api.check_address(typed_in_group(values, "shipping_address", ADDRESS), delivery)
    except (Down, Problem):
        return None
    if not found["findings"]:
        return None
    better = found.get("suggestion") or {}
    named = {f"shipping_address.{name}": str(better.get(name) or "") for name in ADDRESS if better}
    return {"findings": [one["text"] for one in found["findings"]], "suggestion": named}
