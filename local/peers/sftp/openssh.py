"""Debian's sshd as an ordinary process of this user: key login, SFTP only."""

import os
import shutil
from pathlib import Path

from local.peers.sftp.settings import HOST, Settings

PRIVILEGE_SEPARATION = Path("/run/sshd")


def missing(folder: Path) -> str | None:
    """What keeps OpenSSH from serving this folder, in words; None if nothing does."""
    if set(str(folder)) & set(' "%'):
        return f"OpenSSH's start folder can have no blanks, quotes or percent signs: {folder}"
    if program() is None:
        return "OpenSSH's server is not installed (Debian: openssh-server)"
    if not PRIVILEGE_SEPARATION.exists():
        if os.geteuid() != 0:
            return f"{PRIVILEGE_SEPARATION} does not exist, and only root may make it"
        PRIVILEGE_SEPARATION.mkdir(mode=0o755)
    return None


def program() -> str | None:
    """sshd insists on being called by its whole path, and is seldom on a user's."""
    return shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def command(settings: Settings) -> list[str]:
    sshd = program()
    if sshd is None:
        raise FileNotFoundError("sshd")
    allowed = settings.folder / "authorized_keys"
    allowed.write_text(settings.allowed_key_line + "\n")
    allowed.chmod(0o600)
    config = settings.folder / "sshd_config"
    config.write_text(_config(settings, allowed))
    return [sshd, "-D", "-e", "-f", str(config)]


def _config(settings: Settings, allowed: Path) -> str:
    return f"""\
ListenAddress {HOST}
Port {settings.port}
HostKey "{settings.host_key}"
AuthorizedKeysFile "{allowed}"
PidFile none
UsePAM no
UseDNS no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
AllowTcpForwarding no
AllowAgentForwarding no
X11Forwarding no
PermitTTY no
LogLevel INFO
Subsystem sftp internal-sftp
ForceCommand internal-sftp -d {settings.folder}
"""
