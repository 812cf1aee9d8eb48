"""Which adapter takes files to which kind of destination."""

from collections.abc import Callable

from comanda.exports.exporting import Courier
from comanda.settings.sections import Destination

type Credentials = Callable[[str], dict[str, str]]


def courier(code: str, destination: Destination, credentials: Credentials) -> Courier:
    """`credentials` answers what the secret holds for a destination's code."""
    from comanda.exports.sftp import SftpCourier

    return SftpCourier(destination, credentials(code))
