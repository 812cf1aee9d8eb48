"""What carriers and other partners tell: their bodies, records, scans and secrets."""

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from comanda import wiring
from comanda.environment import variable

if TYPE_CHECKING:
    from comanda.fulfilment.scan import Scanning
    from comanda.fulfilment.webhook import CarrierDoor
    from comanda.inbox.apply import Inbox
    from comanda.inbox.bodies import Bodies


@cache
def inbox() -> "Inbox":
    """Webhooks of partners: their bodies in S3, their records in the Jobs table."""
    from comanda.inbox.apply import Inbox
    from comanda.inbox.store import InboxStore

    return Inbox(InboxStore(variable("JOBS_TABLE")), wiring.bodies(), wiring.now)


@cache
def bodies() -> "Bodies":
    from comanda.inbox.bodies import Bodies

    return Bodies(wiring.aws("s3"))


def send_again(kind: str, message: dict[str, Any]) -> None:
    """Put a stored webhook back into the queue it came through."""
    payments = kind == "payments"
    queue = variable("PAYMENT_EVENTS_QUEUE") if payments else variable("CARRIER_EVENTS_QUEUE")
    wiring.aws("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(message))


@cache
def scanning() -> "Scanning":
    from comanda.fulfilment.parked import ParkedScans
    from comanda.fulfilment.scan import Scanning
    from comanda.ids import new_id

    return Scanning(wiring.orders(), wiring.desk(), ParkedScans(variable("DEDUPE_TABLE")), new_id)


@cache
def carrier_door() -> "CarrierDoor":
    from comanda.fulfilment.webhook import CarrierDoor
    from comanda.inbox.bodies import Bodies

    return CarrierDoor(Bodies(wiring.aws("s3")), variable("RAW_BUCKET"), wiring.carrier_secrets, wiring.now)


def carrier_secrets(code: str) -> list[str]:
    """The active webhook secrets of a carrier; during a rotation there are two."""
    from comanda.secrets import secret

    found: list[str] = secret("CARRIER_SECRETS").get(code, {}).get("webhook_secrets", [])
    return found
