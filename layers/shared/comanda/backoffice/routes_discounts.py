"""/admin/discount-codes: the shop's codes, what they give and how often they were used."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import Field, StringConstraints

from comanda.backoffice.bodies import Moment, Note
from comanda.backoffice.office import etag
from comanda.backoffice.routes import StaffRoutes
from comanda.discounts.edit_codes import change_code, create_code, list_codes, show_code
from comanda.discounts.model import DiscountCode, spelt
from comanda.discounts.store import CodeStore
from comanda.errors import Invalid
from comanda.idempotency.once import Once
from comanda.orders.wire import Body, MoneyBody, Sku, money
from comanda.runtime.http import answer, answers, if_match, replayed
from comanda.settings.sections import Code
from comanda.settings.store import SettingsStore

MONEY = ("amount", "minimum_subtotal")
Uses = Annotated[int, Field(strict=True, ge=1, le=10**9)]
Named = Annotated[str, Path(max_length=80)]


class CodeChangeBody(Body):
    """Fields that are to be different; `null` empties one."""

    percent_ppm: Annotated[int, Field(strict=True, ge=0, le=1_000_000)] | None = None
    amount: MoneyBody | None = None
    free_shipping: bool | None = None
    active: bool | None = None
    valid_from: Moment | None = None
    valid_to: Moment | None = None
    minimum_subtotal: MoneyBody | None = None
    groups: Annotated[list[Code], Field(max_length=100)] | None = None
    skus: Annotated[list[Sku], Field(max_length=1_000)] | None = None
    max_uses: Uses | None = None
    max_uses_per_customer: Uses | None = None
    note: Note | None = None

    def values(self, currency: str) -> dict[str, Any]:
        """The given fields as a code keeps them. Raises Invalid for money of another currency."""
        given: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set - {"code"}}
        for name, value in given.items():
            if value is None and name not in ("max_uses", "max_uses_per_customer"):
                given[name] = getattr(EMPTY, name)
            elif isinstance(value, MoneyBody):
                if value.currency != currency:
                    raise Invalid.at(f"/{name}/currency", f"the shop's currency is {currency}")
                given[name] = value.amount
            elif isinstance(value, list):
                given[name] = tuple(dict.fromkeys(value))
        return given


class CodeBody(CodeChangeBody):
    code: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9_-]{2,40}$")]


EMPTY = DiscountCode("")


def hang_discounts(
    routes: StaffRoutes,
    codes: Callable[[], CodeStore],
    settings: Callable[[], SettingsStore],
    once: Callable[[dict[str, Any], str, dict[str, Any]], Once],
) -> None:
    def currency() -> str:
        return str(settings().section("shop")[0].currency)

    def shown(
        code: dict[str, Any], version: int, status: int = 200, *, before: bool = False
    ) -> Response[dict[str, Any]]:
        return answer(_priced(code, currency()), status, etag(version) | replayed(before))

    def kept(route: str, body: Body) -> Once:
        return once(routes.event, f"{routes.origin.actor}#{route}", body.model_dump(mode="json"))

    @routes.get("/admin/discount-codes", "discounts.read", "The discount codes by name, with their uses.")
    def listed(
        limit: Annotated[int, Query(ge=1, le=100)] = 50, cursor: Annotated[str, Query(max_length=80)] = ""
    ) -> Response[dict[str, Any]]:
        items, after = list_codes(codes(), limit=limit, after=cursor)
        unit = currency()
        return answer({"items": [_priced(item, unit) for item in items], "next": after or None})

    @routes.post(
        "/admin/discount-codes",
        "discounts.write",
        "Make a discount code.",
        answers(201, "The discount code"),
    )
    def create(body: CodeBody) -> Response[dict[str, Any]]:
        origin = routes.origin
        code = DiscountCode(spelt(body.code), **body.values(currency()))
        making = partial(create_code, codes(), code, at=origin.at, actor=origin.actor)
        before = kept("discount-codes", body).carried_out(making)
        return shown(*show_code(codes(), code.code), 201, before=before)

    @routes.get("/admin/discount-codes/<name>", "discounts.read", "A discount code; its version is the ETag.")
    def get(name: Named) -> Response[dict[str, Any]]:
        return shown(*show_code(codes(), spelt(name)))

    @routes.patch(
        "/admin/discount-codes/<name>", "discounts.write", "Change a discount code, or switch it off."
    )
    def patch(name: Named, body: CodeChangeBody) -> Response[dict[str, Any]]:
        origin, code = routes.origin, spelt(name)
        values = body.values(currency())
        change = partial(change_code, codes(), code, values, at=origin.at, actor=origin.actor)
        change = partial(change, seen=if_match(routes.event))
        before = kept(f"discount-codes#{code}", body).carried_out(change)
        return shown(*show_code(codes(), code), before=before)


def _priced(code: dict[str, Any], currency: str) -> dict[str, Any]:
    amounts = {name: money(code[name], currency) for name in MONEY}
    times = {name: code[name] or None for name in ("valid_from", "valid_to")}
    return code | amounts | times
