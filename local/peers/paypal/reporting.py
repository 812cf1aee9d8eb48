"""Transaction Search: every movement of the balance; withdrawals to the bank begin by the control URL."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

from local.peers.database import Json
from local.peers.paypal.account import Account, new_id
from local.peers.paypal.amounts import minor, told
from local.peers.paypal.errors import invalid, refused

LONGEST = timedelta(days=31)
MOST_AT_ONCE = 500
STATES = ("P", "S", "V", "D")


def move(
    account: Account, code: str, units: int, currency: str, key: str = "", *,
    fee: int = 0, above: str = "", custom: str = "", status: str = "S",
) -> Json:  # fmt: skip
    """One movement of the balance; `units` and `fee` with their signs, as PayPal tells them."""
    info: Json = {
        "paypal_account_id": "JVKBQ6UWR8L2S", "transaction_id": key or new_id(),
        "transaction_event_code": code, "transaction_initiation_date": _second(account.moment),
        "transaction_updated_date": _second(account.moment), "transaction_status": status,
        "transaction_amount": _signed(units, currency), "protection_eligibility": "01",
    }  # fmt: skip
    if fee:
        info["fee_amount"] = _signed(fee, currency)
    if above:
        info |= {"paypal_reference_id": above, "paypal_reference_id_type": "TXN"}
    if custom:
        info["custom_field"] = custom
    balance = _balance(account, currency) + (0 if status == "D" else units + fee)
    row_id = f"{info['transaction_id']}:{code}"
    row = {"id": row_id, "info": info, "balance": balance, "currency": currency}
    account.records.put("movement", row_id, row)
    return info


def withdraw(account: Account, wish: Json) -> Json:
    """To the bank: all that is there, or `value`; `status` P is on its way, D never left."""
    currency, status = str(wish.get("currency", "MXN")).upper(), str(wish.get("status", "S"))
    there, fee = _balance(account, currency), int(wish.get("fee", 0))
    units = minor({"currency_code": currency, "value": wish["value"]}) if "value" in wish else there - fee
    if status not in STATES or units <= 0 or units + fee > there:
        raise refused("INSUFFICIENT_FUNDS", f"A status of {', '.join(STATES)}, and no more than there is.")
    return move(account, "T0400", -units, currency, fee=-fee, status=status)


def bring_back(account: Account, key: str) -> Json:
    """The bank did not take a withdrawal: the money is on the balance again."""
    row = account.find("movement", f"{key}:T0400")
    row["info"] |= {"transaction_status": "V", "transaction_updated_date": _second(account.moment)}
    account.records.put("movement", row["id"], row)
    units = -minor(row["info"]["transaction_amount"])
    return move(account, "T1101", units, row["currency"], above=key)


def listed(account: Account, query: str) -> Json:
    wish = {name: values[0] for name, values in parse_qs(query).items()}
    try:
        since, until = (datetime.fromisoformat(wish[name]) for name in ("start_date", "end_date"))
        size, page = int(wish.get("page_size", "100")), int(wish.get("page", "1"))
    except (KeyError, ValueError) as error:
        raise invalid("INVALID_REQUEST", f"start_date, end_date, page_size or page: {error}") from error
    if until - since > LONGEST or not 1 <= size <= MOST_AT_ONCE or page < 1:
        raise invalid("INVALID_REQUEST", "At most 31 days, and 1 to 500 on a page.")
    rows = [row for row in account.records.newest_first("movement") if _within(row, since, until)][::-1]
    plain = not set(wish) - {"start_date", "end_date"}
    some = rows[(page - 1) * size : page * size]
    return {
        "transaction_details": [{"transaction_info": _shown(row, plain)} for row in some],
        "account_number": "JVKBQ6UWR8L2S", "start_date": wish["start_date"], "end_date": wish["end_date"],
        "last_refreshed_datetime": _second(account.moment), "page": page, "total_items": len(rows),
        "total_pages": -(-len(rows) // size), "links": [],
    }  # fmt: skip


def _shown(row: Json, plain: bool) -> Json:
    """The balance is told only to who asks for nothing but a span of time."""
    ending = {"ending_balance": _signed(row["balance"], row["currency"])} if plain else {}
    return {**row["info"], **ending}


def _within(row: Json, since: datetime, until: datetime) -> bool:
    return since <= datetime.fromisoformat(row["info"]["transaction_initiation_date"]) <= until


def _balance(account: Account, currency: str) -> int:
    newest = next(account.records.newest_first("movement", {"currency": currency}), None)
    return int(newest["balance"]) if newest else 0


def _second(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def _signed(units: int, currency: str) -> Json:
    told_amount = told(abs(units), currency)
    sign = "-" if units < 0 else ""
    return told_amount | {"value": f"{sign}{told_amount['value']}"}
