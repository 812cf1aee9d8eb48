"""Why a mail is written: the order's view, the links for its reader, and what the effect says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from comanda.conversation.letter import Block, Button, Facts, Goods, Letter, facts, quote
from comanda.conversation.parcels import ParcelView
from comanda.conversation.view import OrderView


@dataclass(frozen=True, slots=True)
class Occasion:
    """`links` are addresses by purpose: order | office | verify | approve | csv; empty ones are missing."""

    event: str
    view: OrderView
    links: Mapping[str, str]
    data: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, Any] = field(default_factory=dict)  # the order's personal texts
    enclosed: bool = False  # its paper goes with it

    def say(self, text: str, **values: object) -> str:
        """The text in the reader's language; %(number)s, %(shop)s and %(total)s are always known."""
        view = self.view
        known = {"number": view.number, "shop": view.shop.name, "total": view.total}
        return view.speech.say(text, **(known | values))

    def letter(self, subject: str, headline: str, *paragraphs: str, **rest: Any) -> Letter:
        """A letter of this occasion; empty paragraphs are left out."""
        view = self.view
        told = tuple(text for text in paragraphs if text)
        about = {"number": view.number} | rest
        return Letter(self.event, view.speech, view.shop, subject, headline, told, **about)

    def see_order(self, label: str = "") -> Button:
        """The button to the customer's page of the order."""
        return Button(label or self.say("See my order"), self.links["order"])

    def payment_line(self) -> str:
        """One sentence on money, if there is anything to say."""
        view = self.view
        if view.due_amount:
            return self.say("Still to pay: %(due)s by %(method)s.", due=view.due, method=view.method)
        return self.say("It is paid.") if view.order.terms.payable else ""

    def goods(self) -> Goods:
        """The lines with all sums."""
        return Goods(self.say("Your order"), self.view.lines, self.view.totals)

    def arrangements(self) -> tuple[Facts, ...]:
        """How it is paid and where it goes."""
        view = self.view
        return facts(
            self.say("Delivery and payment"),
            (self.say("Payment"), view.method),
            (self.say("Delivery"), view.delivery),
            (self.say("Ship to"), "\n".join((view.contact.name, *view.shipping)) if view.shipping else ""),
            (self.say("Your purchase order"), view.purchase_order),
        )

    def how_to_pay(self) -> tuple[Block, ...]:
        """The shop's own instructions and what to write on the payment."""
        view = self.view
        if not view.due_amount:
            return ()
        rows = facts(
            self.say("Payment"),
            (self.say("Amount"), view.due),
            (self.say("Reference"), view.number),
            (self.say("Pay before"), view.pay_by or view.due_at),
        )
        return rows + quote(view.method, view.instructions, formatted=True) if view.instructions else rows

    def amount(self) -> str:
        """The money this mail is about."""
        return self.view.speech.money(int(self.data["amount"]), self.view.order.currency)

    def parcel(self) -> ParcelView | None:
        """The parcel this mail is about."""
        wanted = self.data.get("shipment_id")
        return next((one for one in self.view.parcels if one.shipment_id == wanted), None)

    def parcels(self) -> tuple[ParcelView, ...]:
        """The parcels this mail is about: all that left together, or the one."""
        consignment = self.data.get("consignment")
        if consignment:
            return tuple(one for one in self.view.parcels if one.consignment == consignment)
        return tuple(filter(None, (self.parcel(),)))
