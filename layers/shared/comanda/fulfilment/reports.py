"""What a carrier told or answered of a parcel, as the scans that we keep. Pure."""

from comanda.fulfilment.carriers.tracker import TrackingReport
from comanda.fulfilment.tracking import RANKS, Scan
from comanda.times import moment, stamp


def scans_of(report: TrackingReport) -> tuple[Scan, ...]:
    """The scans that say where the parcel is, as the report has them; the last one has the expected day.

    Of an expected day its noon in UTC is kept, which is on that day nearly everywhere.
    """
    scans = [
        Scan(
            report.carrier,
            report.tracking_number,
            one.status,
            stamp(moment(one.at)),
            local=one.at,
            place=one.place,
            message=one.message,
        )
        for one in report.scans
        if one.status in RANKS
    ]
    if scans and report.expected_on:
        last = scans[-1].to_dict() | {"expected_at": f"{report.expected_on}T12:00:00.000Z"}
        scans[-1] = Scan.from_dict(last)
    return tuple(scans)
