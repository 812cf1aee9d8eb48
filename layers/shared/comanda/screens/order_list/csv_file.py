"""The list as a file: at once while it is short, else the page that begins a job."""

from urllib.parse import urlencode

from comanda.backoffice.listing.download import list_file
from comanda.errors import WrongState
from comanda.screens.house.answers import Answer, File
from comanda.screens.house.asked import Asked
from comanda.screens.order_list import bulk, criteria
from comanda.screens.order_list.desk import ListDesk
from comanda.screens.order_list.list import read


def file_of_list(asked: Asked, desk: ListDesk) -> Answer:
    """All orders of the list's choice, on whatever page it stands. Raises Invalid."""
    query = criteria.canonical(asked.query)
    chosen = {name: values for name, values in query.items() if name not in ("limit", "cursor")}
    try:
        made = list_file(
            read(asked, chosen, desk),
            desk.orders(),
            desk.bulking().exporting(),
            asked.now,
            profile="orders",
            format="spreadsheet",
        )
    except WrongState:
        return bulk.whole_list(asked, desk, bulk.BY_CODE["csv"], urlencode(query, doseq=True))
    return File(made.name, made.content)
