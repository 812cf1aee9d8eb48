"""Bring the Spanish of refusals up to what the code says; part of `make words`."""

import json

from comanda.refusals.spanish import CATALOGUE
from local.refusals import said


def renewed() -> dict[str, str]:
    """Exactly the texts that the code has now; a new one has no Spanish yet."""
    before: dict[str, str] = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    return {one.template: before.get(one.template, "") for one in said() if not one.unknown}


def write() -> list[str]:
    """Write the catalogue anew; answers what lacks Spanish."""
    found = renewed()
    CATALOGUE.write_text(
        json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    return sorted(template for template, spanish in found.items() if not spanish)
