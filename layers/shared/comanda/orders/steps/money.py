"""How facts about money change an order: its ledger, and another way to pay."""

from dataclasses import replace

from comanda.orders.asking import next_reminder
from comanda.orders.balance import balance
from comanda.orders.edits.outcome import Outcome, applied
from comanda.orders.facts import Data, Fact
from comanda.orders.model import Entry, Order, Terms
from comanda.orders.steps import life, units


def ledger(order: Order, data: Data, fact: Fact) -> Order:
    """Put or replace a ledger entry, and those in `also` that change with it. Money that arrived
    places the order: it may not expire any more."""
    fresh = [Entry.from_dict(entry) for entry in (data["entry"], *data.get("also", ()))]
    entries = {e.entry_id: e for e in (*order.ledger, *fresh)}
    ledger = tuple(entries[entry_id] for entry_id in sorted(entries))
    terms = agreed(order.terms, data.get("terms", {}))
    changed = replace(order, ledger=ledger, terms=terms, personal=order.personal | data.get("personal", {}))
    sums = balance(changed.ledger)
    return life.placed(changed) if sums.captured or sums.authorized else changed


def chosen(order: Order, data: Data, fact: Fact) -> Order:
    """Another attempt to pay, perhaps by another method: its deadlines begin anew."""
    terms = agreed(order.terms, data["terms"])
    chosen = replace(order, method=type(order.method)(data["method"]), terms=terms, reminded=False)
    reserved = any(line.reserved or line.backordered for line in order.lines)
    return units.kept_for_money(chosen, fact) if reserved else chosen


def bounced(order: Order, data: Data, fact: Fact) -> Order:
    """Money that was counted, or set aside, went back to its bank: the order, and its units, wait anew."""
    after = replace(ledger(order, data, fact), reminded=False)
    reserved = any(line.reserved or line.backordered for line in order.lines)
    return units.kept_for_money(after, fact) if reserved else after


def unmarked(order: Order, data: Data, fact: Fact) -> Order:
    """A payment was entered by mistake: the order waits for its money as it did before."""
    after = ledger(order, data, fact)
    reserved = any(line.reserved or line.backordered for line in order.lines)
    return units.kept_for_money(after, fact) if reserved else after


def charged(order: Order, data: Data, fact: Fact) -> Order:
    """A fee that the customer pays, or no longer: the totals change with the ledger."""
    return ledger(applied(order, Outcome.from_dict(data["outcome"])), data, fact)


def fee_withdrawn(order: Order, data: Data, fact: Fact) -> Order:
    return charged(order, data, fact) if "outcome" in data else ledger(order, data, fact)


def reminded(order: Order, data: Data, fact: Fact) -> Order:
    """The next reminder, if one is left, is later than this one."""
    following = next_reminder(order.terms, fact.at)
    if not following:
        return replace(order, reminded=True)
    return replace(order, terms=replace(order.terms, remind_at=following))


def agreed(terms: Terms, told: Data) -> Terms:
    """The terms with what a fact says of them."""
    known = told | ({"reminders": tuple(told["reminders"])} if "reminders" in told else {})
    return replace(terms, **known)
