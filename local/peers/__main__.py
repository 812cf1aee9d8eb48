"""`python -m local.peers --config peers.json`: prints one JSON line when ready, stops on SIGTERM."""

import argparse
import json
import logging
import signal
import sys
import threading
from pathlib import Path

from local.peers.config import ConfigError, load
from local.peers.system import System


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local.peers", description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    try:
        config = load(parser.parse_args().config)
        logging.basicConfig(
            level=config.log_level, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s"
        )
        system = System(config)
    except (ConfigError, OSError) as error:
        print(f"peers: {error}", file=sys.stderr)
        return 1
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    print(json.dumps(system.start()), flush=True)
    stopping.wait()
    system.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
