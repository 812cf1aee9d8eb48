"""Chooses free ports once and keeps them, so that links in old mails go on working."""

import json
import socket
from pathlib import Path

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def choose(names: list[str], file: Path) -> dict[str, int]:
    """A port per name: the one of last time while it is free, else a new one."""
    kept: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
    ports = {name: kept[name] for name in names if name in kept and is_free(kept[name])}
    held = []
    for name in names:
        while name not in ports:
            taken = socket.socket()
            taken.bind((HOST, 0))
            held.append(taken)  # held until all are chosen, so that no two names get the same one
            if taken.getsockname()[1] not in ports.values():
                ports[name] = taken.getsockname()[1]
    for taken in held:
        taken.close()
    file.write_text(json.dumps(ports, indent=1) + "\n")
    return ports
