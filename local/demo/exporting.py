"""Last chapter: the order's CSV on the merchant's SFTP server, and the proof that nobody rewrote history."""

import hashlib
from typing import Any

from local.demo import history
from local.demo.deciding import read_csv
from local.demo.outside import Missed, eventually, fresh_key
from local.demo.scene import ADDRESS, CUSTOMER, Scene
from local.demo.sftp import fetch


def run(scene: Scene) -> dict[str, Any]:
    """Start an export of this order and wait for its batch to be delivered."""
    wanted = {"order_ids": [scene.order_id], "mode": "new", "format": "machine"}
    address = "/admin/exports/sftp/run"
    batch_id = scene.staff.call("POST", address, wanted, status=202, headers=fresh_key()).body["batch_id"]

    def batch() -> dict[str, Any]:
        found: dict[str, Any] = scene.staff.get(f"/admin/export-batches/{batch_id}")
        return found

    eventually(
        lambda: batch()["state"] == "delivered",
        f"export batch {batch_id} delivered",
        f"{scene.logs}, {scene.stack['sftp']['inbox']}",
        seen=batch,
    )
    return batch()


def export(scene: Scene) -> None:
    """The bytes in the merchant's inbox are the bytes of the batch, and our order is in them."""
    batch = run(scene)
    content = fetch(scene.stack["sftp"], batch["file_name"])
    scene.expect(hashlib.sha256(content).hexdigest(), batch["sha256"], "SHA-256 of the delivered file")
    ours = [row for row in read_csv(content) if scene.order_id in row.values()]
    scene.expect(len(ours), len(scene.lines), "rows of the order in the delivered file")
    for text in (CUSTOMER, ADDRESS["line1"], ADDRESS["line2"]):
        if text not in ours[0].values():
            raise Missed(f"{text!r} in the delivered file", ours[0], scene.stack["sftp"]["inbox"])
    scene.tell.detail(f"{scene.stack['sftp']['inbox']}/{batch['file_name']}")
    scene.tell.detail(f"SHA-256 {batch['sha256']}")
    line = next(line for line in content.decode("utf-8-sig").splitlines() if scene.order_id in line)
    scene.tell.detail(line)


def export_again(scene: Scene) -> None:
    """A repeated run finds nothing new, so nothing is sent twice."""
    scene.expect(run(scene)["orders"], 0, "orders in a second batch")


def check_history(scene: Scene) -> None:
    """Every fact's hash, computed here from its text, covers the fact before it."""
    facts = scene.staff.order(scene.order_id)["history"]
    broken = history.broken_at(facts)
    if broken is not None:
        raise Missed("an unbroken chain of facts", f"fact {broken} does not fit", "/admin/orders/{id}")
    scene.tell.detail(f"{len(facts)} facts: {', '.join(fact['type'] for fact in facts)}")
    told = scene.order()["history"]
    scene.tell.detail(f"of which the customer reads {len(told)}: {' · '.join(each['text'] for each in told)}")
