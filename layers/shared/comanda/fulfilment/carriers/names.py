"""Carriers' codes, their tracking pages, and which of them EasyPost reports about."""

from urllib.parse import quote

EASYPOST = "easypost"

# Code → the carrier's own page for one parcel. A carrier without an entry is shipped with all the same.
TRACKING_PAGES: dict[str, str] = {
    "dhl": "https://www.dhl.com/mx-es/home/tracking.html?tracking-id={}",
    "estafeta": "https://www.estafeta.com/rastrear-envio?guia={}",
    "fedex": "https://www.fedex.com/fedextrack/?trknbr={}",
    "paquetexpress": "https://www.paquetexpress.com.mx/rastreo/{}",
    "redpack": "https://www.redpack.com.mx/es/rastreo/?guias={}",
    "ups": "https://www.ups.com/track?tracknum={}",
    "usps": "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
}
SERVED = frozenset(TRACKING_PAGES) | {EASYPOST}


def carrier_code(written: str) -> str:
    """The code of a carrier that is known under any spelling (`DHL Express`, `FedExSmartPost`); a
    stranger keeps the name it was given."""
    plain = "".join(c for c in written.casefold() if c.isalnum())
    return next((code for code in sorted(SERVED) if plain.startswith(code)), written.strip())


def tracking_page(carrier: str, tracking_number: str) -> str:
    """Where the parcel can be followed; empty for a carrier whose page is not known."""
    page = TRACKING_PAGES.get(carrier)
    return page.format(quote(tracking_number, safe="")) if page else ""
