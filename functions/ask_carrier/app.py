"""Asked by other functions — rates, files of labels, vans; has the carriers' libraries, reads no order."""

from typing import Any

from comanda import wiring


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """`{ask: "rates", accounts, request}` → `{rates, failed}`; `{ask: "file" | "pickup", account, …}` →
    `{format}`, `{pickup}`, or `{error, reason}`."""
    from comanda.fulfilment.carriers.asking import answered

    return answered(event, wiring.carrier_accounts(), wiring.label_files)
