"""GET /admin/orders/{id}/documents/{kind}: the papers of an order as PDF."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from comanda.backoffice.routes import StaffRoutes
from comanda.runtime.http import download

if TYPE_CHECKING:
    from comanda.documents.printing import Printing

PDF = "application/pdf"


def hang_documents(routes: StaffRoutes, printing: "Callable[[], Printing]") -> None:
    @routes.get(
        "/admin/orders/<order_id>/documents/<kind>",
        "orders.read",
        "A paper of an order as PDF: order, packing-slip, receipt, pickup-slip.",
    )
    def document(
        order_id: str,
        kind: str,
        format: Annotated[str, Query(max_length=20)] = "",
        lang: Annotated[str, Query(max_length=20)] = "",
    ) -> Response[Any]:
        from comanda.documents.printing import wish_of

        paper = printing().paper(order_id, wish_of(kind, format, lang))
        return download(paper.name, paper.content, PDF)
