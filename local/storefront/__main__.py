"""`python -m local.storefront --port …`: serves the demo shop until SIGTERM."""

import argparse
import logging
import signal
import sys
import threading
from pathlib import Path

from local.peers.web import Server
from local.ports import HOST
from local.storefront.shop import Shop
from local.storefront.visit import Places

PICTURES = Path(__file__).resolve().parents[1] / "demo" / "images"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.storefront", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    for name in ("api", "mailbox", "stripe", "publishable-key", "zone"):
        parser.add_argument(f"--{name}", required=True)
    told = parser.parse_args()
    logging.basicConfig(level="WARNING", stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    places = Places(told.api, told.mailbox, told.stripe, told.publishable_key, told.zone)
    server = Server(HOST, told.port, Shop(places, PICTURES), "storefront")
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    server.start()
    stopping.wait()
    server.stop()


if __name__ == "__main__":
    main()
