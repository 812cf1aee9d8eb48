"""Write units and transitions of one order, start to close, on AWS's own DynamoDB engine.

python -m local.bench.lifecycle
"""

import json
import logging
from typing import Any

MOST_UNITS, MOST_TRANSITIONS = 250, 14
APART = ("export mark",)  # not every merchant exports


def main() -> int:
    print(json.dumps(measure()))
    return 0


def measure() -> dict[str, Any]:
    from local.bench.engine import aws

    logging.disable(logging.CRITICAL)
    with aws() as database:
        from comanda.dynamo.client import client
        from local.bench.meter import Meter
        from local.bench.story import TWO_PARCELS, Story
        from local.bench.units import Table
        from tests.template import tables

        meter = Meter({name: Table.of(name, made) for name, made in tables().items()}, database)
        story = Story(meter)
        meter.attach(client())
        story.tell()  # a shop's first order registers its signatures and takes a block of numbers
        meter.forget()
        entered = story.tell()
        story.export()
        found = _result(meter, entered)
        meter.forget()
        story.tell(TWO_PARCELS)
    return found | {"units_in_two_parcels": _units(meter)}


def _units(meter: Any) -> int:
    return sum(part.units for part in _counted(meter))


def _counted(meter: Any) -> list[Any]:
    return [part for name, part in meter.parts.items() if name not in APART and name != "other"]


def _result(meter: Any, entered: list[str]) -> dict[str, Any]:
    parts = {
        name: {
            "units": part.units,
            "of the tables": part.table_units,
            "of the indexes": part.index_units,
            "read_units": part.read_units,
            "requests": dict(part.requests),
            "engine_units": part.engine_units,
            "items": dict(part.by_item.most_common()),
        }
        for name, part in meter.parts.items()
    }
    counted, units = _counted(meter), _units(meter)
    return {
        "name": "lifecycle",
        "units": units,
        "units_if_indexes_count_double_in_transactions": units
        + sum(part.index_units_in_transactions for part in counted),
        "read_units": sum(part.read_units for part in counted),
        "engine_units": sum(part.engine_units for part in meter.parts.values()),
        "requests_counted_alike_by_the_engine": meter.agreed,
        "requests_counted_otherwise_by_the_engine": meter.disagreed,
        "transitions": len(entered) + 1,  # the start is one as well
        "states": entered,
        "parts": parts,
        "met": units <= MOST_UNITS and len(entered) + 1 <= MOST_TRANSITIONS,
    }


if __name__ == "__main__":
    raise SystemExit(main())
