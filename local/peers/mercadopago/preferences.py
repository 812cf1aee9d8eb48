"""Preferences: what is to be paid, by which means, until when, and where the customer goes afterwards."""

import uuid
from datetime import datetime

from local.peers.database import Json
from local.peers.mercadopago import amounts
from local.peers.mercadopago.account import COLLECTOR, Account
from local.peers.mercadopago.errors import invalid

FIELDS = frozenset(
    ("items", "external_reference", "metadata", "back_urls", "auto_return", "expires", "expiration_date_from",
     "expiration_date_to", "date_of_expiration", "payment_methods", "statement_descriptor", "payer",
     "binary_mode", "additional_info")
)  # fmt: skip
DATES = ("expiration_date_from", "expiration_date_to", "date_of_expiration")
MOST_SEARCHED = 100


def create(account: Account, wish: Json) -> Json:
    """Not idempotent: Mercado Pago documents `X-Idempotency-Key` for payments and refunds only."""
    _check(wish)
    if not wish.get("items"):
        raise invalid("items needed", 2001)
    key = f"{COLLECTOR}-{uuid.uuid4()}"
    preference: Json = {
        "id": key, "collector_id": COLLECTOR, "client_id": "6295877106812064", "date_created": account.at,
        "init_point": f"{account.page_url}/checkout/v1/redirect?pref_id={key}", "site_id": "MLM",
        "sandbox_init_point": f"{account.page_url}/checkout/v1/redirect?pref_id={key}", "expires": False,
        "external_reference": "", "metadata": {}, "back_urls": {}, "auto_return": "", "payment_methods": {},
        **dict.fromkeys(DATES), **wish, "items": [_item(item) for item in wish["items"]],
    }  # fmt: skip
    account.save("preference", preference)
    return preference


def update(account: Account, wish: Json, key: str) -> Json:
    preference = account.find("preference", key)
    _check(wish)
    if "items" in wish:
        wish = wish | {"items": [_item(item) for item in wish["items"]]}
    preference |= wish
    account.save("preference", preference)
    return preference


def search(account: Account, query: dict[str, str]) -> Json:
    wanted = {"external_reference": query["external_reference"]} if "external_reference" in query else {}
    offset, limit = int(query.get("offset", "0")), min(int(query.get("limit", "50")), MOST_SEARCHED)
    found = list(account.records.newest_first("preference", wanted))
    page = found[offset : offset + limit]
    told = ("id", "client_id", "collector_id", "date_created", "items", "site_id", "expires")
    elements = [{name: one[name] for name in told} for one in page]
    return {"elements": elements, "next_offset": offset + len(page), "total": len(found)}


def is_open(account: Account, preference: Json) -> bool:
    ends = preference["expiration_date_to"]
    return not (preference["expires"] and ends and datetime.fromisoformat(ends) <= account.now)


def _check(wish: Json) -> None:
    if unknown := set(wish) - FIELDS:
        raise invalid(f"unknown: {', '.join(sorted(unknown))}")
    if len(str(wish.get("external_reference", ""))) > 256:
        raise invalid("external_reference must be at most 256 characters")
    if wish.get("auto_return") and not (wish.get("back_urls") or {}).get("success"):
        raise invalid("auto_return invalid. back_url.success must be defined", 2062)
    for name in DATES:
        if wish.get(name):
            _moment(name, wish[name])


def _moment(name: str, text: object) -> None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise invalid(f"{name} is not a valid date") from None
    if moment.tzinfo is None:
        raise invalid(f"{name} needs an offset from UTC")


def _item(item: Json) -> Json:
    if not item.get("title") or type(item.get("quantity")) is not int or item["quantity"] < 1:
        raise invalid("items need a title and a quantity")
    price = amounts.read(item.get("unit_price"), "unit_price", str(item.get("currency_id")))
    return item | {"unit_price": str(price)}
