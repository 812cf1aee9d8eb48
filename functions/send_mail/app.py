"""Queue of wanted mails — renders one and hands it to SES, once."""

from typing import Any

from comanda import wiring
from comanda.conversation.notices import send_export_failed
from comanda.conversation.send import NOT_YET, send_mail
from comanda.runtime.observe import logger
from comanda.runtime.queue import queue_function


def send(message: dict[str, Any]) -> None:
    """An order's effect by its ids, or a notice with all it says."""
    wanted = message["detail"]
    if wanted.get("event") == "export_failed":
        outcome = send_export_failed(wanted, wiring.mail_room())
        logger.info("mail", extra={"batch": wanted["batch_id"], "outcome": outcome})
        return
    outcome = send_mail(wanted["order_id"], wanted["effect_id"], wiring.mail_room())
    if outcome == NOT_YET:
        wiring.mail_later(message)
    logger.info(
        "mail", extra={"order": wanted["order_id"], "effect": wanted["effect_id"], "outcome": outcome}
    )


lambda_handler = queue_function(send)
