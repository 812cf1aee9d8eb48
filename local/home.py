"""Where the local system keeps its state, logs, keys and the description of what is running."""

import os
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
TOOLS = REPOSITORY / ".tools"
REGION = "us-east-1"
ACCOUNT = "000000000000"
STACK_NAME = "comanda"


@dataclass(frozen=True)
class Home:
    """One folder holds everything of one running system, so that two of them never meet."""

    root: Path

    @property
    def stack_file(self) -> Path:
        return self.root / "stack.json"

    @property
    def ports_file(self) -> Path:
        return self.root / "ports.json"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def logs(self) -> Path:
        return self.root / "log"

    @property
    def state(self) -> Path:
        return self.root / "state"

    @property
    def temporary(self) -> Path:
        return self.root / "tmp"

    @property
    def mail(self) -> Path:
        return self.root / "mail"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def sftp(self) -> Path:
        return self.root / "sftp"

    @property
    def build(self) -> Path:
        return self.root / "build"

    @property
    def deployed_file(self) -> Path:
        return self.state / "deployed.json"

    def prepare(self) -> None:
        for folder in (self.run, self.logs, self.state, self.temporary, self.mail, self.keys, self.sftp):
            folder.mkdir(parents=True, exist_ok=True)
        self.keys.chmod(0o700)


def home_from_environment() -> Home:
    """`.local` in the checkout unless COMANDA_HOME names another folder."""
    return Home(Path(os.environ.get("COMANDA_HOME") or REPOSITORY / ".local").resolve())
