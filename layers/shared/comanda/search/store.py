"""Search tokens in DynamoDB: where each word was said, newest orders first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError
from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from comanda.dynamo.batch import keys_there
from comanda.dynamo.client import client
from comanda.dynamo.row import Row, pages
from comanda.dynamo.write import write_many
from comanda.times import moment, stamp

HEAD = 3  # characters of a token that name its partition
LATEST_MS = 9_999_999_999_999
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Overtaken(Exception):
    """Somebody else has just written the tokens of this one; read again."""


class TokenRow(Row):
    """`<first characters>` / `<token>#<newest first time>#<id>`; customers' partitions begin with `C#`,
    products' with `P#`"""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


class RecordRow(Row):
    """`ORDER#<id>`, `CUSTOMER#<id>` or `PRODUCT#<sku>` / `TOKENS`: every token that was written for it, so
    that all can go."""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    tokens = UnicodeSetAttribute(null=True)
    created_at = UnicodeAttribute()
    turn = NumberAttribute(default=0)


@dataclass(frozen=True, slots=True)
class Family:
    """What is searched for: orders, customers, products. `head` keeps tokens apart; none holds a `#`."""

    name: str
    head: str = ""


ORDERS, CUSTOMERS, PRODUCTS = Family("ORDER"), Family("CUSTOMER", "C#"), Family("PRODUCT", "P#")


@dataclass(frozen=True, slots=True)
class Record:
    """What is written of an order, a customer or a product; `turn` counts its changes."""

    subject: str
    created_at: str
    tokens: frozenset[str] = frozenset()
    turn: int = 0


class SearchStore:
    """The tokens of one family; `subject` is the id of an order or a customer, or a SKU."""

    def __init__(self, table: str, family: Family = ORDERS) -> None:
        self.table = table
        self.family = family
        TokenRow.bind(table)
        RecordRow.bind(table)

    # -- writing -----------------------------------------------------------------------------------

    def record(self, subject: str) -> Record | None:
        row = RecordRow.read(self._record_key(subject), "TOKENS")
        if row is None:
            return None
        return Record(subject, row.created_at, frozenset(row.tokens or ()), int(row.turn))

    def note(self, before: Record | None, after: Record) -> Record:
        """Write a record, if nobody else has since `before`. Raises Overtaken."""
        turn = before.turn + 1 if before else 1
        row = RecordRow(
            self._record_key(after.subject), "TOKENS", tokens=set(after.tokens) or None, turn=turn
        )
        row.created_at = after.created_at
        same = RecordRow.turn == before.turn if before else RecordRow.pk.does_not_exist()
        try:
            RecordRow.write(row, same)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            raise Overtaken(after.subject) from error
        return Record(after.subject, after.created_at, after.tokens, turn)

    def add(self, of: Record, tokens: Iterable[str]) -> None:
        keys = [self._token_key(token, of) for token in sorted(tokens)]
        write_many(self.table, puts=keys)

    def missing(self, of: Record, tokens: Iterable[str]) -> set[str]:
        """Those of the tokens that are not written: reading a few costs less than writing them again."""
        wanted = {self._token_key(token, of): token for token in tokens}
        there = keys_there(self.table, wanted)
        return {token for key, token in wanted.items() if key not in there}

    def remove(self, of: Record, tokens: Iterable[str]) -> None:
        keys = [self._token_key(token, of) for token in sorted(tokens)]
        write_many(self.table, deletes=keys)

    # -- finding -----------------------------------------------------------------------------------

    def beginning_with(self, word: str, most: int) -> tuple[set[str], bool]:
        """Positions (`<time of beginning>#<id>`) of those with a token that begins with `word`, at
        most about `most`, and whether these are all."""
        answer = client().query(**self._request(word, word) | {"Limit": most})
        return {_position(item["sk"]["S"]) for item in answer["Items"]}, "LastEvaluatedKey" not in answer

    def exactly(
        self, word: str, *, newest: str, oldest: str, descending: bool, consistent: bool = False
    ) -> Iterator[str]:
        """Positions of those with this very token, in the order of their beginning.

        `newest` and `oldest` are times or positions, and may be among the answers; empty: no bound.
        Those of one moment come by id, whichever way round.
        """
        last = f"{word}#{inverted(oldest)}" if oldest else f"{word}#~"
        request = self._request(word, "") | {"ScanIndexForward": descending, "Limit": 200}
        request["ConsistentRead"] = consistent
        request["KeyConditionExpression"] = "pk = :head AND sk BETWEEN :newest AND :oldest"
        request["ExpressionAttributeValues"] = {
            ":head": {"S": self._head(word)},
            ":newest": {"S": f"{word}#{inverted(newest)}" if newest else f"{word}#"},
            ":oldest": {"S": last if "#" in oldest else f"{last}#~"},
        }
        return (_position(item["sk"]["S"]) for item in pages(**request))

    def _request(self, word: str, beginning: str) -> dict[str, Any]:
        return {
            "TableName": self.table,
            "KeyConditionExpression": "pk = :head AND begins_with(sk, :beginning)",
            "ExpressionAttributeValues": {":head": {"S": self._head(word)}, ":beginning": {"S": beginning}},
        }

    def _head(self, token: str) -> str:
        return self.family.head + token[:HEAD]

    def _record_key(self, subject: str) -> str:
        return f"{self.family.name}#{subject}"

    def _token_key(self, token: str, of: Record) -> tuple[str, str]:
        return self._head(token), f"{token}#{inverted(of.created_at)}#{of.subject}"


def inverted(position: str) -> str:
    """A time, or a position, so that the newest sorts first; ties by id stay as they are."""
    at, mark, order_id = position.partition("#")
    ms = (moment(at) - EPOCH) // timedelta(milliseconds=1)
    return f"{LATEST_MS - ms:013d}{mark}{order_id}"


def _position(sk: str) -> str:
    _, inverted, order_id = sk.rsplit("#", 2)
    return f"{stamp(EPOCH + timedelta(milliseconds=LATEST_MS - int(inverted)))}#{order_id}"
