"""Chapter four: staff ship in two parts, the carrier reports, the order closes itself."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from local.demo.outside import Api, Missed, eventually
from local.demo.scene import Scene
from local.demo.staff import aws

CARRIER = "estafeta"
SUCCEEDED = "SUCCEEDED"


def ship(scene: Scene, lines: list[tuple[str, int]]) -> dict[str, Any]:
    """One parcel; the customer is told what is in it and where to follow it."""
    code = f"EST{secrets.randbelow(10**12):012d}MX"
    scene.parcels.append(code)
    body = {
        "lines": [{"sku": sku, "quantity": units} for sku, units in lines],
        "carrier": CARRIER,
        "tracking_number": code,
    }
    done = scene.staff.command(scene.order_id, "ship", body)
    mail = scene.expect_mail("shipped", count=len(scene.parcels))
    if code not in mail["text"]:
        raise Missed(f"{code} in the mail", mail["text"], scene.mailbox.page(mail))
    scene.tell.detail(f"{code}: {', '.join(f'{units} × {sku}' for sku, units in lines)}")
    return done


def ship_first_part(scene: Scene) -> None:
    """One unit of the first line and the whole second line."""
    (first, _), second, _ = scene.lines
    ship(scene, [(first, 1), second])
    scene.expect(scene.order()["fulfilment"], "partially_shipped", "fulfilment")


def ship_the_rest(scene: Scene) -> None:
    (first, units), _, third = scene.lines
    ship(scene, [(first, units - 1), third])
    scene.expect(scene.order()["fulfilment"], "shipped", "fulfilment")


def deliver_first_part(scene: Scene) -> None:
    """Its scans come in the wrong order: delivered first, then one from the day before."""
    control = Api(scene.stack["peers"]["control_url"])
    now = datetime.now(UTC)
    control.call("POST", "/faults", {"peer": "easypost", "fault": "reorder", "count": 1}, status=201)
    early = _scan(control, scene.parcels[0], "in_transit", now - timedelta(hours=20))
    late = _scan(control, scene.parcels[0], "delivered", now - timedelta(minutes=5))
    scene.wait_for("fulfilment", "partially_delivered")
    scene.expect_mail("delivered")
    eventually(
        lambda: _arrived(control, early, late) == [late, early],
        "the scan of delivery first, that of yesterday last",
        f"{control.url}/deliveries?peer=easypost",
        seen=lambda: _arrived(control, early, late),
    )
    eventually(
        lambda: _is_applied(scene, early), "the late scan applied", f"{scene.shop.url}/admin/webhook-events"
    )
    scene.expect(_parcel(scene, 0)["status"], "delivered", "the parcel's status after the late scan")


def deliver_the_rest(scene: Scene) -> None:
    control = Api(scene.stack["peers"]["control_url"])
    _scan(control, scene.parcels[1], "out_for_delivery", datetime.now(UTC) - timedelta(hours=1))
    _scan(control, scene.parcels[1], "delivered", datetime.now(UTC))
    scene.wait_for("fulfilment", "delivered")
    scene.expect_mail("delivered", count=2)


def close(scene: Scene) -> None:
    """Paid and delivered: the order's own execution closes it and ends."""
    scene.wait_for("lifecycle", "closed")
    arn = scene.staff.order(scene.order_id)["execution_arn"]
    workflow = aws(scene.stack, "stepfunctions")

    def status() -> str:
        return str(workflow.describe_execution(executionArn=arn)["status"])

    eventually(lambda: status() == SUCCEEDED, f"execution {SUCCEEDED}", arn, seen=status)
    scene.tell.detail(arn)
    for at, name in entered(workflow, arn):
        scene.tell.detail(f"{at.astimezone():%H:%M:%S}  {name}")


def entered(workflow: Any, arn: str) -> list[tuple[datetime, str]]:
    """The states that an execution went through, with the time of each."""
    pages = workflow.get_paginator("get_execution_history").paginate(executionArn=arn)
    events = [event for page in pages for event in page["events"]]
    named = [event for event in events if event["type"].endswith("StateEntered")]
    return [(event["timestamp"], event["stateEnteredEventDetails"]["name"]) for event in named]


def _scan(control: Api, code: str, status: str, at: datetime) -> str:
    """Have the carrier scan a parcel; answers the id of the event that tells of it."""
    scan = {"tracking_code": code, "carrier": CARRIER, "status": status, "datetime": at.isoformat()}
    return str(control.call("POST", "/easypost/scans", scan, status=201).body["id"])


def _arrived(control: Api, *event_ids: str) -> list[str]:
    """Which of these events the shop has taken, in the order of their arrival."""
    items = control.get("/deliveries?peer=easypost")["items"]
    return [
        item["event_id"] for item in items if item["event_id"] in event_ids and item["http_status"] == 200
    ]


def _is_applied(scene: Scene, event_id: str) -> bool:
    """Whether the shop has done what it does about an event; this one changes nothing any more."""
    seen = scene.staff.get("/admin/webhook-events?limit=50")["items"]
    states = [item["state"] for item in seen if event_id in item.values()]
    return bool(states) and states[0] in ("applied", "already_applied")


def _parcel(scene: Scene, index: int) -> dict[str, Any]:
    code = scene.parcels[index]
    found = [parcel for parcel in scene.order()["shipments"] if parcel["tracking_number"] == code]
    if not found:
        raise Missed(f"a shipment {code}", scene.order()["shipments"], scene.tracking_url)
    parcel: dict[str, Any] = found[0]
    return parcel
