"""Mail: handed over until the mailbox takes it."""

import atexit
import smtplib
import threading
import time

from ministack.services import ses, ses_v2

PATIENCE_SECONDS = 60
PAUSE_SECONDS = 0.2
FAREWELL_SECONDS = 5


def apply() -> None:
    """A mail that SMTP does not take at once is lost: try again, and do not end with one in hand."""
    on_their_way: set[threading.Thread] = set()

    def relay(source: str, recipients: list[str], message: str) -> None:
        def carry() -> None:
            try:
                _hand_over(source, recipients, message)
            finally:
                on_their_way.discard(threading.current_thread())

        carrier = threading.Thread(target=carry, daemon=True)
        on_their_way.add(carrier)
        carrier.start()

    def wait_for_carriers() -> None:
        deadline = time.monotonic() + FAREWELL_SECONDS
        for carrier in list(on_their_way):
            carrier.join(max(0.0, deadline - time.monotonic()))

    ses._smtp_relay = ses_v2._smtp_relay = relay
    atexit.register(wait_for_carriers)


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
