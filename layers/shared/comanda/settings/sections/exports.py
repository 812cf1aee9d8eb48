"""The merchant's own servers that exports are delivered to."""

from typing import Annotated, Literal

from pydantic import Field

from comanda.settings.sections.section import Code, Section, Text


class Destination(Section):
    """A server of the merchant's. `host_key` is the pinned line `ssh-ed25519 AAAA…`; without it nothing
    is sent, by hand or by the schedule."""

    enabled: bool = True
    kind: Literal["sftp"] = "sftp"
    host: Text
    port: Annotated[int, Field(ge=1, le=65535)] = 22
    username: Text
    directory: Text = "."
    host_key: Text = ""
    profile: Literal["orders", "lines"] = "lines"
    format: Literal["machine", "spreadsheet"] = "machine"
    delimiter: Literal[",", ";", "\t"] = ","
    scheduled: bool = True
    skip_empty: bool = True

    @property
    def ready(self) -> bool:
        """Whether it is switched on and its server's key was confirmed."""
        return self.enabled and bool(self.host_key)


class Exports(Section):
    destinations: dict[Code, Destination] = {}
