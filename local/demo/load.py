"""Fills a fresh system with the demo shop: settings and products, over the staff API, as its owner would."""

import json
import time
from pathlib import Path
from typing import Any

import requests

from local.console import Failure
from local.demo.outside import Api
from local.demo.staff import sign_in
from local.import_products import import_file

HERE = Path(__file__).parent
START_SECONDS = 60
ATTEMPTS = 5


def load(stack: dict[str, Any]) -> None:
    """Wait for the API, then bring settings and products to what this folder says."""
    wait_until_up(stack["api_url"])
    fill(Api(stack["api_url"], sign_in(stack, "admin")), stack)


def fill(api: Api, stack: dict[str, Any]) -> None:
    """What is so already is not touched, so a second run changes nothing."""
    for section, wanted in sections(stack).items():
        set_section(api, section, wanted)
    found = import_file(api, (HERE / "products.csv").read_bytes())
    if found["state"] != "done":
        raise Failure(f"the demo products were not imported: {json.dumps(found, ensure_ascii=False)[:1000]}")


def wait_until_up(url: str) -> None:
    """Until the storefront answers; the first call of a fresh system takes a while."""
    deadline = time.monotonic() + START_SECONDS
    seen = "nothing"
    while time.monotonic() < deadline:
        try:
            answer = Api(url).send("GET", "/products?limit=1")
        except requests.RequestException as error:
            seen = str(error)
        else:
            if answer.status == 200:
                return
            seen = answer.brief()
        time.sleep(0.2)
    raise Failure(f"the storefront at {url} does not answer; last seen: {seen}")


def sections(stack: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Each settings section's wanted fields; addresses are those of this system's own servers."""
    wanted: dict[str, dict[str, Any]] = json.loads((HERE / "settings.json").read_text(encoding="utf-8"))
    if storefront := stack.get("storefront_url"):
        wanted["shop"] |= {"url": storefront, "order_url": f"{storefront}/orders/{{order_id}}"}
    sftp = stack.get("sftp")
    return wanted | ({"exports": {"destinations": {"sftp": destination(sftp)}}} if sftp else {})


def destination(sftp: dict[str, Any]) -> dict[str, Any]:
    return {
        "enabled": True,
        "kind": "sftp",
        "host": sftp["host"],
        "port": sftp["port"],
        "username": sftp["username"],
        "directory": sftp["directory"],
        "host_key": sftp["host_key"],
        "profile": "lines",
        "format": "machine",
    }


def set_section(api: Api, section: str, wanted: dict[str, Any]) -> bool:
    """Whether anything had to be changed. Somebody else's change in between is read and judged again."""
    path = f"/admin/settings/{section}"
    for _ in range(ATTEMPTS):
        now = api.call("GET", path)
        if holds(now.body, wanted):
            return False
        answer = api.send("PATCH", path, wanted, headers={"If-Match": now.headers["etag"]})
        if answer.status == 200:
            return True
        if answer.status not in (412, 429, 503):
            raise Failure(f"the settings {section} were not taken: {answer.brief()}")
    raise Failure(f"the settings {section} keep changing; nothing was written")


def holds(found: Any, wanted: Any) -> bool:
    """Whether everything wanted is there already; fields that are not named may be anything."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(
            key in found and holds(found[key], value) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(found, list)
            and len(found) == len(wanted)
            and all(holds(one, other) for one, other in zip(found, wanted, strict=True))
        )
    return bool(found == wanted)
