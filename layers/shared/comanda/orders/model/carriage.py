"""The carrier's service that a customer chose at checkout."""

from dataclasses import dataclass

from comanda.orders.record import Record


@dataclass(frozen=True, slots=True)
class Carriage(Record):
    """One service of a carrier at the price that was promised: `amount` is what the customer pays for it
    unless delivery is free, `cost` what the carrier asked, both in the order's currency. It belongs to the
    way of `delivery` that it was chosen for; once the order goes another way it means nothing."""

    delivery: str
    account: str  # of the settings section `carriers`: who was asked
    carrier: str
    service: str
    title: str
    amount: int
    cost: int = 0
    arrives_on: str = ""  # a day, as far as it was promised


@dataclass(frozen=True, slots=True)
class Offer:
    """A carriage with what it was promised for: where to (`zones.destination`) and how much it weighs."""

    carriage: Carriage
    to: str
    grams: int
