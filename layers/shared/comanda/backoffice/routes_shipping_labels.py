"""Shipping labels: rates, buy-label, void-label, ship-label, and the file of a label."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.event_handler import Response

from comanda.backoffice.bodies_labels import BuyLabelBody, RatesBody, ShipLabelBody, VoidLabelBody
from comanda.backoffice.office import Office
from comanda.backoffice.routes import StaffRoutes
from comanda.backoffice.routes_commands import Answer, Commands
from comanda.backoffice.shipping_labels import LabelDesk
from comanda.fulfilment.labels.files import CONTENT_TYPES
from comanda.fulfilment.labels.ship import shipping_label
from comanda.fulfilment.labels.want import buying, giving_back
from comanda.runtime.http import answer, download


def hang_shipping_labels(
    routes: StaffRoutes, office: Callable[[], Office], desk: Callable[[], LabelDesk]
) -> None:
    commands = Commands(routes, office)

    @commands.hang("rates", "What carriers ask for these parcels. Nothing is bought or changed.")
    def rates(order_id: str, body: RatesBody) -> Answer:
        parcels = [one.parcel() for one in body.parcels]
        found = desk().offers(order_id, parcels, body.delivery or 0)
        return answer(found, headers={"Cache-Control": "no-store"})

    hang_label_commands(commands, desk)

    @routes.get(
        "/admin/orders/<order_id>/labels/<label_id>/file",
        "orders.write",
        "The file of a shipping label: PDF or ZPL as it was bought, PNG where the carrier has no other.",
    )
    def label_file(order_id: str, label_id: str) -> Response[Any]:
        name, file = desk().file(order_id, label_id)
        return download(name, file.content, CONTENT_TYPES[file.format])


def hang_label_commands(commands: Commands, desk: Callable[[], LabelDesk]) -> None:
    routes, office = commands.routes, commands.office

    @commands.hang("buy-label", "Buy a shipping label for each parcel, in the background.")
    def buy_label(order_id: str, body: BuyLabelBody) -> Answer:
        settings = desk().settings()
        account = desk().account_for(body.account, body.carrier)
        wish = body.buying(account, ship=settings.ship, form=settings.format)
        decide = buying(wish, routes.origin.at)
        return commands.tell(commands.run("buy-label", order_id, body, decide, keyed=True))

    @commands.hang("void-label", "Give an unused shipping label back to its carrier.")
    def void_label(order_id: str, body: VoidLabelBody) -> Answer:
        decide = giving_back(body.label_id)
        return commands.tell(commands.run("void-label", order_id, body, decide, keyed=True))

    @commands.hang("ship-label", "Ship the parcel of a label that was bought before.")
    def ship_label(order_id: str, body: ShipLabelBody) -> Answer:
        shipment_id, at = office().new_id(), routes.origin.at
        decide = shipping_label(body.label_id, shipment_id, at, notify=body.notify)
        done = commands.run("ship-label", order_id, body, decide, keyed=True)
        parcel = next(
            (one for one in done.order.shipments if one.shipment_id == done.result["shipment_id"]), None
        )
        if parcel:
            office().scanning.catch_up(order_id, parcel.tracking_number, at)
        return commands.tell(done)
