"""What both servers are told: where to listen, whom to let in, which folder to serve."""

import getpass
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
INBOX = "inbox"


@dataclass(frozen=True)
class Settings:
    """One SFTP server; the session starts in `folder`, whose `inbox` takes the files."""

    folder: Path
    port: int
    host_key: Path
    allowed_key_line: str

    @property
    def inbox(self) -> Path:
        return self.folder / INBOX

    def prepare(self) -> None:
        self.inbox.mkdir(parents=True, exist_ok=True)


def username() -> str:
    """OpenSSH can only serve the user who started it; the Python server does the same."""
    return getpass.getuser()
