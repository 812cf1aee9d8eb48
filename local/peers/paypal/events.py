"""The list of webhook events: newest first, of a span of time, delivered or not."""

from datetime import datetime
from urllib.parse import parse_qs, urlencode

from local.peers.database import Json
from local.peers.paypal.account import Account
from local.peers.paypal.errors import invalid

PATH = "/v1/notifications/webhooks-events"
MOST = 300


def listed(account: Account, query: str) -> Json:
    wish = {name: values[0] for name, values in parse_qs(query).items()}
    try:
        size, skip = int(wish.get("page_size", "10")), int(wish.get("skip", "0"))
        since = datetime.fromisoformat(wish.get("start_time", "2000-01-01T00:00:00Z"))
        until = datetime.fromisoformat(wish.get("end_time", "9999-01-01T00:00:00Z"))
    except ValueError as error:
        raise invalid("INVALID_PARAMETER_SYNTAX", str(error)) from error
    if not 1 <= size <= MOST:
        raise invalid("INVALID_PARAMETER_VALUE", f"page_size is between 1 and {MOST}.")
    told = [
        event
        for event in account.records.newest_first("event")
        if since <= datetime.fromisoformat(event["create_time"]) <= until
    ]
    page = told[skip : skip + size]
    links = [account.link(f"{PATH}?{query}", "self")]
    if len(told) > skip + size:
        links.append(account.link(f"{PATH}?{urlencode(wish | {'skip': str(skip + size)})}", "next"))
    return {"events": page, "count": len(page), "links": links}
