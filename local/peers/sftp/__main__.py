"""The SFTP peer's process: the server, the line to it and the control, until told to stop."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from local.peers.sftp import openssh, python_server
from local.peers.sftp.control import Control
from local.peers.sftp.cut import Line
from local.peers.sftp.settings import HOST, Settings


async def run(settings: Settings, port: int, control_port: int, *, use_openssh: bool) -> int:
    settings.prepare()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    line = Line(HOST, port, settings.port)
    await line.start()
    control = await asyncio.start_server(Control(line).serve, HOST, control_port)
    try:
        if use_openssh:
            return await _with_openssh(settings, stopped)
        acceptor = await python_server.serve(settings)
        await stopped.wait()
        acceptor.close()
        return 0
    finally:
        control.close()
        await line.stop()


async def _with_openssh(settings: Settings, stopped: asyncio.Event) -> int:
    """sshd ending by itself ends this process too: whoever watches it starts both again."""
    process = await asyncio.create_subprocess_exec(*openssh.command(settings))
    ended, asked = asyncio.create_task(process.wait()), asyncio.create_task(stopped.wait())
    await asyncio.wait({ended, asked}, return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    if ended.done():
        return 1
    process.terminate()
    await ended
    return 0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--server-port", type=int, required=True)
    parser.add_argument("--control-port", type=int, required=True)
    parser.add_argument("--host-key", type=Path, required=True)
    parser.add_argument("--allowed-key", type=Path, required=True, help="the client's public key file")
    parser.add_argument("--server", choices=["openssh", "python", "any"], default="any")
    chosen = parser.parse_args()
    reason = openssh.missing(chosen.folder)
    if chosen.server == "openssh" and reason:
        sys.exit(reason)
    allowed = chosen.allowed_key.read_text().strip()
    settings = Settings(chosen.folder, chosen.server_port, chosen.host_key, allowed)
    use_openssh = chosen.server != "python" and reason is None
    sys.exit(asyncio.run(run(settings, chosen.port, chosen.control_port, use_openssh=use_openssh)))


if __name__ == "__main__":
    main()
