"""What a phone and the office are told: lists of fields that are allowed, and nothing else of an order.

No prices, no e-mail addresses, no telephone numbers, no streets, no names of customers: whatever comes to be
known of orders later stays out unless somebody names it here (tests/functional/picking/test_privacy.py).
"""

from collections.abc import Iterable
from typing import Any

from comanda.picking.look import Looked
from comanda.picking.model import Alarm, Tote, Wave
from comanda.picking.pickable import Pickable
from comanda.picking.stops import Stop


def wave_answer(looked: Looked) -> dict[str, Any]:
    """A wave with its stops in the order of the walk and its alarms, newest last."""
    places = {(stop.tote, stop.line_id, stop.sku): stop for stop in looked.stops}
    alarms = [(alarm, now.tote) for now in looked.seen.values() for alarm in now.tote.alarms]
    alarms.sort(key=lambda one: (one[0].at, one[0].alarm_id))
    return head_answer(looked.wave) | {
        "stops": [stop_answer(stop) for stop in looked.stops],
        "alarms": [_alarm(alarm, tote, places) for alarm, tote in alarms],
    }


def head_answer(wave: Wave) -> dict[str, Any]:
    return {
        "wave_id": wave.wave_id,
        "picker": wave.name,
        "state": wave.state,
        "version": wave.version,
        "by": wave.by,
        "location": wave.location or None,
        "carrier": wave.carrier or None,
        "created_at": wave.created_at,
        "until": wave.until,
    }


def stop_answer(stop: Stop) -> dict[str, Any]:
    return {
        "stop_id": stop.stop_id,
        "order_id": stop.order_id,
        "number": stop.number,
        "delivery": stop.delivery,
        "line_id": stop.line_id,
        "sku": stop.sku,
        "codes": list(stop.codes),
        "name": stop.name,
        "location": stop.location or None,
        "bin": stop.bin,
        "quantity": stop.quantity,
        "picked": stop.picked,
        "short": stop.short,
        "state": stop.state,
    }


def _alarm(alarm: Alarm, tote: Tote, places: dict[tuple[str, str, str], Stop]) -> dict[str, Any]:
    back = []
    for one in alarm.put_back:
        stop = places.get((tote.key, one.line_id, one.sku))
        name, bin_ = (stop.name, stop.bin) if stop else (one.sku, "")
        back.append({"sku": one.sku, "name": name, "quantity": one.quantity, "bin": bin_})
    return {
        "alarm_id": alarm.alarm_id,
        "kind": alarm.kind,
        "number": tote.number,
        "put_back": back,
        "at": alarm.at,
        "seen": alarm.seen,
    }


def delivery_answer(one: Pickable, at: str) -> dict[str, Any]:
    """A delivery order in the list of work."""
    work = one.work
    return {
        "order_id": work.order.order_id,
        "number": work.name,
        "location": work.delivery.location,
        "carrier": one.carrier,
        "promised_at": work.delivery.promised or None,
        "units": one.units,
        "lines": one.lines,
        "held": one.held,
        "taken_by": one.wave.name if one.wave and one.taken(at) else None,
    }


def progress(stops: Iterable[Stop]) -> dict[str, int]:
    """How far a wave is, in articles and stops."""
    wanted = [stop for stop in stops if stop.state != "cancelled"]
    return {
        "stops": len(wanted),
        "stops_done": sum(stop.state in ("done", "short") for stop in wanted),
        "units": sum(stop.quantity for stop in wanted),
        "units_picked": sum(stop.picked for stop in wanted),
    }
