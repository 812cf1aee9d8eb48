"""Mail: handed over until the mailbox takes it."""

import smtplib
import threading
import time

from ministack.services import ses, ses_v2

PATIENCE_SECONDS = 60
PAUSE_SECONDS = 0.2


def apply() -> None:
    """A mail that SMTP does not take at once is lost: try again, and stay until it is taken."""

    def relay(source: str, recipients: list[str], message: str) -> None:
        threading.Thread(target=_hand_over, args=(source, recipients, message), daemon=False).start()

    ses._smtp_relay = ses_v2._smtp_relay = relay


def _hand_over(source: str, recipients: list[str], message: str) -> None:
    host, port = ses._parse_smtp_host()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with smtplib.SMTP(host, port, timeout=10) as mailbox:
                mailbox.sendmail(source, recipients, message)
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(PAUSE_SECONDS)
