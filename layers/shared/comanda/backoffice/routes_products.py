"""GET /admin/products: products found by words of their name, by SKU, or by a scanned barcode."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from comanda.backoffice.find_products import ProductList, find_products
from comanda.backoffice.routes import StaffRoutes
from comanda.runtime.http import answer

MOST, USUAL = 50, 12


def hang_products(routes: StaffRoutes, products: Callable[[], ProductList]) -> None:
    @routes.get(
        "/admin/products",
        "stock.read",
        "Products on sale that hold every word of `q`; the one of that very SKU or barcode comes first.",
    )
    def found(
        q: Annotated[str, Query(min_length=1, max_length=200)],
        limit: Annotated[int, Query(ge=1, le=MOST)] = USUAL,
        locale: Annotated[Literal["es", "en", ""], Query()] = "",
    ) -> Response[dict[str, Any]]:
        return answer(find_products(q, limit, products(), locale), headers={"Cache-Control": "no-store"})
