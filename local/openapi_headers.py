"""Which request headers each route that writes reads; a test holds this against what the routes do."""

from typing import Any

IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The version you have seen, as in ETag",
    "schema": {"type": "string"},
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "1 to 200 printable ASCII characters; the same key is answered as the first time",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}
ORDER, CUSTOMER = "/admin/orders/{order_id}", "/admin/customers/{customer_id}"
MOVES_MONEY_OR_STOCK = {
    "/orders",
    "/admin/bulk",
    "/admin/gift-cards",
    "/admin/statements/{statement_id}/confirm",
    "/admin/statements/{statement_id}/entries/{entry_id}/split",
    "/admin/stock/{sku}/adjust",
    "/admin/stock/{sku}/count",
    "/admin/stock/{sku}/spread",
    "/admin/stock/{sku}/transfer",
    f"{CUSTOMER}/credit",
    f"{CUSTOMER}/merge",
    f"{ORDER}/bounce",
    f"{ORDER}/undo-bounce",
    f"{ORDER}/deposit-cheque",
    f"{ORDER}/payment-method",
    f"{ORDER}/clear-cheque",
    f"{ORDER}/bounce-cheque",
    f"{ORDER}/undo-cheque",
    f"{ORDER}/undo-paid",
    f"{ORDER}/undo-ship",
    f"{ORDER}/hand-over",
    f"{ORDER}/undo-hand-over",
    f"{ORDER}/undo-cancel",
    f"{ORDER}/undo-refund",
    f"{ORDER}/resend-mail",
    f"{ORDER}/effects/{{effect_id}}/settle",
    f"{ORDER}/cancel",
    f"{ORDER}/capture",
    f"{ORDER}/disputes",
    f"{ORDER}/disputes/{{dispute_id}}/close",
    f"{ORDER}/edits/{{edit_id}}/confirm",
    f"{ORDER}/fees",
    f"{ORDER}/fees/{{fee_id}}/withdraw",
    f"{ORDER}/mark-paid",
    f"{ORDER}/place",
    f"{ORDER}/refund",
    f"{ORDER}/refunds/{{refund_id}}/execute",
    f"{ORDER}/refunds/{{refund_id}}/withdraw",
    f"{ORDER}/reject",
    f"{ORDER}/ship",
    f"{ORDER}/buy-label",
    f"{ORDER}/void-label",
    f"{ORDER}/ship-label",
    f"{ORDER}/pick",
    f"{ORDER}/pack",
    f"{ORDER}/undo-pick",
    f"{ORDER}/undo-pack",
    f"{ORDER}/put-back",
    f"{ORDER}/short-pick",
    f"{ORDER}/undo-short-pick",
}
QUESTIONS = {f"{ORDER}/rates"}  # posted because they are long; nothing changes
KEY_TAKEN = {
    "/accept-edit",
    "/approve-order",
    "/carts",
    "/orders/{order_id}/repeat",
    "/quotes/accept",
    "/verify-email",
    "/admin/carts/{cart_id}/take",
    "/admin/drafts",
    "/admin/discount-codes",
    "/admin/discount-codes/{name}",
    "/admin/drafts/{order_id}",
    "/admin/exports/{destination}/run",
    CUSTOMER,
    f"{CUSTOMER}/addresses",
    f"{CUSTOMER}/addresses/{{address_id}}",
}
VERSIONED = {
    ("post", f"{CUSTOMER}/merge"),
    ("post", f"{CUSTOMER}/addresses"),
    ("delete", f"{CUSTOMER}/addresses/{{address_id}}"),
    ("put", "/admin/price-lists/{group}/{sku}"),
    ("put", "/admin/settings/{section}"),
    ("post", "/admin/settings/{section}/restore"),
}


def headers_of(method: str, path: str) -> list[dict[str, Any]]:
    """The request headers that a route reads besides its body."""
    command = method == "post" and path.startswith(f"{ORDER}/") and path not in QUESTIONS
    versioned = command or method == "patch" or (method, path) in VERSIONED
    needed = method == "post" and path in MOVES_MONEY_OR_STOCK
    keyed = needed or command or (method in ("post", "patch", "delete") and path in KEY_TAKEN)
    return [*([IF_MATCH] if versioned else []), *([KEY | {"required": needed}] if keyed else [])]
