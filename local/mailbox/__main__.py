"""The mailbox process: SMTP in, HTTP out, until it is told to stop."""

import argparse
import signal
import sys
from pathlib import Path

from local.mailbox.smtp import controller
from local.mailbox.store import Store
from local.mailbox.web import Mailbox, server
from local.ports import HOST


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    store = Store(chosen.folder)
    catcher = controller(store, HOST, chosen.smtp_port)
    catcher.start()
    try:
        server(Mailbox(store, f"http://{HOST}:{chosen.http_port}"), HOST, chosen.http_port).serve_forever()
    finally:
        catcher.stop()


if __name__ == "__main__":
    main()
