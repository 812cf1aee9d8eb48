"""What is generated from the code is what the code says now."""

from comanda.orders.catalogue import FACT_TYPES
from comanda.orders.evolve import BEGINNINGS, STEPS
from local.schemas import files


def test_every_fact_that_changes_an_order_is_in_the_catalogue() -> None:
    assert set(FACT_TYPES) == {*STEPS, *BEGINNINGS}


def test_event_schemas_and_the_table_of_problems_are_up_to_date() -> None:
    stale = [path.name for path, text in files().items() if not path.exists() or path.read_text() != text]
    assert stale == []
