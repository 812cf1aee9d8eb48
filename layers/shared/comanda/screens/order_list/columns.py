"""The columns of the list: which there are, and which somebody wants to see."""

from dataclasses import dataclass

from comanda.conversation.speech import N_
from comanda.screens.house.asked import Fields


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` is the class of its cells: number, one (never broken), short (cut), wide (not on a phone)."""

    code: str
    word: str
    kind: str = ""
    usual: bool = True


COLUMNS = (
    Column("status", N_("Status"), "one"),
    Column("reference", N_("Reference"), "short wide"),
    Column("total", N_("Total"), "number"),
    Column("charges", N_("Discount, surcharge"), "number wide"),
    Column("comment", N_("Comment"), "short wide"),
    Column("phone", N_("Phone"), "one wide"),
    Column("company", N_("Company"), "short wide"),
    Column("created", N_("Created"), "one"),
    Column("payment", N_("Payment"), "one wide", usual=False),
    Column("delivery", N_("Delivery"), "one wide", usual=False),
    Column("method", N_("Payment method"), "one wide", usual=False),
    Column("channel", N_("Channel"), "one wide", usual=False),
    Column("articles", N_("Units"), "number wide", usual=False),
    Column("assigned", N_("Salesperson"), "short wide", usual=False),
    Column("tags", N_("Tags"), "short wide", usual=False),
    Column("promised", N_("Promised for"), "one wide", usual=False),
)
CODES = tuple(column.code for column in COLUMNS)
USUAL = tuple(column.code for column in COLUMNS if column.usual)
NAME = "columns"


def chosen(query: Fields) -> tuple[Column, ...]:
    """The columns of a query, in the list's own order; the usual ones where it names none."""
    wanted = {code for text in query.get(NAME, []) for code in text.split(",")} & set(CODES)
    return tuple(column for column in COLUMNS if column.code in (wanted or USUAL))


def canonical(query: Fields) -> list[str]:
    """The value that stands for a choice; none for the usual one."""
    codes = tuple(column.code for column in chosen(query))
    return [] if codes == USUAL else [",".join(codes)]
