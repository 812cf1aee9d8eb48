"""What an SFTP server's refusals mean, and whether trying again can help."""

from typing import TYPE_CHECKING

from comanda.exports.model import DeliveryFailed

if TYPE_CHECKING:
    from paramiko import PKey


def refused(error: Exception, where: str, username: str) -> DeliveryFailed:
    """Why there is no connection."""
    import paramiko

    if isinstance(error, paramiko.BadHostKeyException):
        return DeliveryFailed(
            "destination-host-key-changed",
            f"{where} shows the host key {_fingerprint(error.key)}, pinned is "
            f"{_fingerprint(error.expected_key)}; nothing was sent",
            passing=False,
        )
    if isinstance(error, paramiko.AuthenticationException) and not _went_away(error):
        return DeliveryFailed(
            "destination-login-refused", f"{where} refuses the login of {username!r}", passing=False
        )
    if isinstance(error, paramiko.ssh_exception.IncompatiblePeer):
        return DeliveryFailed(
            "destination-incompatible", f"{where} speaks no cipher or key of ours: {error}", passing=False
        )
    return DeliveryFailed("destination-unreachable", f"{where}: {_words(error)}", passing=True)


def broken(error: Exception, where: str, directory: str, *, alive: bool) -> DeliveryFailed:
    """Why a session ended: the server said no, or the connection went away."""
    if isinstance(error, FileNotFoundError):
        return DeliveryFailed("destination-no-directory", f"{where}: {directory!r} is gone", passing=False)
    if isinstance(error, PermissionError):
        return DeliveryFailed(
            "destination-not-writable", f"{where} does not let us write to {directory!r}", passing=False
        )
    gone = isinstance(error, EOFError | TimeoutError) or not alive or "closed" in str(error).lower()
    if gone or not isinstance(error, OSError):
        return DeliveryFailed(
            "destination-cut", f"the connection to {where} broke off: {_words(error)}", passing=True
        )
    return DeliveryFailed(
        "destination-write-failed",
        f"{where} took the file no further, its disk or quota may be full: {_words(error)}",
        passing=True,
    )


def _went_away(error: Exception) -> bool:
    """Paramiko says `authentication failed` also when the server hung up or fell silent meanwhile."""
    words = str(error).lower()
    return "timeout" in words or "transport" in words


def _fingerprint(key: "PKey") -> str:
    return f"{key.get_name()} {key.fingerprint}"


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
