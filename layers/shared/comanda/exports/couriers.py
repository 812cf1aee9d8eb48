"""Which adapter takes files to which kind of destination."""

from collections.abc import Callable

from comanda.exports.exporting import Courier
from comanda.exports.probing import Finding
from comanda.settings.sections import Destination

type Credentials = Callable[[str], dict[str, str]]


def courier(code: str, destination: Destination, credentials: Credentials) -> Courier:
    """`credentials` answers what the secret holds for a destination's code."""
    from comanda.exports.sftp import SftpCourier

    return SftpCourier(destination, credentials(code))


def prober(code: str, destination: Destination, credentials: Credentials, name: str) -> Finding:
    """Try a destination out with a file of this name, which is taken away again."""
    from comanda.exports.sftp_probe import probe_sftp

    return probe_sftp(destination, credentials(code), name)
