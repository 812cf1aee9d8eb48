"""The same SFTP server in Python, for machines without OpenSSH."""

import asyncssh

from local.peers.sftp.settings import HOST, Settings, username


class _Guard(asyncssh.SSHServer):
    """Lets in one user with one key, and nothing else."""

    def __init__(self, allowed_key_line: str) -> None:
        self._allowed = asyncssh.import_public_key(allowed_key_line)

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return False

    def kbdint_auth_supported(self) -> bool:
        return False

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username_given: str, key: asyncssh.SSHKey) -> bool:
        return username_given == username() and key.public_data == self._allowed.public_data


def _files(settings: Settings) -> type[asyncssh.SFTPServer]:
    class Files(asyncssh.SFTPServer):
        """Shows the served folder as the whole file system."""

        def __init__(self, channel: asyncssh.SSHServerChannel[bytes]) -> None:
            super().__init__(channel, chroot=str(settings.folder).encode())

    return Files


async def serve(settings: Settings) -> asyncssh.SSHAcceptor:
    return await asyncssh.listen(
        HOST,
        settings.port,
        server_factory=lambda: _Guard(settings.allowed_key_line),
        server_host_keys=[str(settings.host_key)],
        sftp_factory=_files(settings),
        allow_scp=False,
    )
