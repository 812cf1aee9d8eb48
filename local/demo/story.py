"""The chapters of one order, from the shop's window to the merchant's SFTP server."""

from collections.abc import Callable

from local.demo import buying, deciding, exporting, paying, shipping
from local.demo.outside import Missed
from local.demo.scene import Scene

CHAPTERS = (
    (
        "A guest orders",
        (
            ("The shop shows its products and its form", buying.look_around),
            ("A cart of three lines becomes an order", buying.place),
            ("The mailed link confirms the address, once", buying.verify),
            ("The customer gets the order in writing", buying.receive_order),
        ),
    ),
    (
        "The merchant decides",
        (
            ("The merchant takes the order as CSV", deciding.download),
            ("The merchant approves by the link in the mail", deciding.approve),
        ),
    ),
    (
        "The customer pays",
        (
            ("A card is charged, its signed webhook applied", paying.pay),
            ("One charge in the ledger, the units set aside", paying.look_into_ledger),
        ),
    ),
    (
        "The shop ships",
        (
            ("A first parcel leaves", shipping.ship_first_part),
            ("A second parcel takes the rest", shipping.ship_the_rest),
            ("The first arrives; its scans come out of order", shipping.deliver_first_part),
            ("The second arrives", shipping.deliver_the_rest),
            ("The order closes itself", shipping.close),
        ),
    ),
    (
        "The merchant's own system",
        (
            ("The CSV lies on the SFTP server, byte for byte", exporting.export),
            ("A second run sends nothing twice", exporting.export_again),
            ("The history's chain of hashes holds", exporting.check_history),
        ),
    ),
)


def play(scene: Scene) -> None:
    """Every step, told as it is taken. Raises Missed at the first that is not seen to happen."""
    for heading, steps in CHAPTERS:
        scene.tell.heading(heading)
        for title, take in steps:
            with scene.tell.step(title):
                _take(scene, title, take)


def _take(scene: Scene, title: str, take: Callable[[Scene], None]) -> None:
    """A step that breaks off, as when nobody answers, was not seen to happen either."""
    try:
        take(scene)
    except Missed:
        raise
    except Exception as error:
        raise Missed(title, f"{type(error).__name__}: {error}", scene.logs) from error
