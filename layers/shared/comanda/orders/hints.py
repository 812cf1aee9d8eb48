"""Signs that an order is a duplicate or a fraud: looked for once it is placed, shown on a hold. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from comanda.canonical import canonical, sha256
from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.derive import ended
from comanda.orders.desk import Decide
from comanda.orders.facts import Happened
from comanda.orders.model import Hint, Hold, Order
from comanda.orders.vocabulary import UNPLACED, Channel, HoldReason
from comanda.settings.sections import Hints
from comanda.times import moment

SAME, ADDRESS = "same_contents", "address"
MOST_NAMED = 10  # other orders in one hint

# The orders that were seen under each of an order's keys: `(order id, when it was placed)`.
type Seen = Mapping[str, Sequence[tuple[str, str]]]


def keys_of(loaded: Loaded, rules: Hints) -> dict[str, str]:
    """Under what this order is counted, rule by rule: digests, and only what a rule asks for."""
    order, found = loaded.order, {}
    if rules.same_contents_minutes and order.customer_id:
        found[SAME] = _key(SAME, order.customer_id, sorted((line.sku, line.quantity) for line in order.lines))
    if rules.most_orders is None or order.channel == Channel.PHONE:
        return found
    for name, value in _whereabouts(loaded).items():
        if value and name in rules.most_by:
            found[name] = _key(name, value)
    return found


def longest_minutes(rules: Hints) -> int:
    """How long a count may matter."""
    return max(rules.same_contents_minutes or 0, rules.most_minutes if rules.most_orders else 0)


def look(loaded: Loaded, rules: Hints, seen: Seen) -> list[Hint]:
    """What the rules find. What staff took down themselves is only compared with other orders."""
    order = loaded.order
    found = _duplicates(order, rules, seen)
    found += _address(loaded, rules)
    if order.channel == Channel.PHONE:
        return found
    return found + _many(order, rules, seen) + _of_itself(loaded, rules)


def _duplicates(order: Order, rules: Hints, seen: Seen) -> list[Hint]:
    others = _near(order, seen.get(SAME, ()), rules.same_contents_minutes or 0)
    if not others:
        return []
    return [Hint(SAME, f"within {rules.same_contents_minutes} minutes", others[:MOST_NAMED])]


def _many(order: Order, rules: Hints, seen: Seen) -> list[Hint]:
    if rules.most_orders is None:
        return []
    near = {name: _near(order, seen.get(name, ()), rules.most_minutes) for name in rules.most_by}
    return [
        Hint(f"many_by_{name}", f"{len(others) + 1} within {rules.most_minutes} minutes", others[:MOST_NAMED])
        for name, others in near.items()
        if len(others) + 1 > rules.most_orders
    ]


def _of_itself(loaded: Loaded, rules: Hints) -> list[Hint]:
    order, found = loaded.order, []
    there = [str((loaded.text(name) or {}).get("country") or "") for name in ("billing", "shipping")]
    if rules.countries_differ and all(there) and there[0] != there[1]:
        found.append(Hint("countries_differ", f"billed in {there[0]}, sent to {there[1]}"))
    if rules.amount_over is not None and order.totals.total > rules.amount_over:
        found.append(Hint("amount_over", f"{order.totals.total} {order.currency} above {rules.amount_over}"))
    if order.delivery in rules.express and not order.verified:
        found.append(Hint("unverified_express", order.delivery))
    domain = str((loaded.text("contact") or {}).get("email") or "").rpartition("@")[2].casefold()
    if any(domain == one or domain.endswith(f".{one}") for one in rules.disposable_domains):
        found.append(Hint("disposable_address", domain))
    return found


def _address(loaded: Loaded, rules: Hints) -> list[Hint]:
    """What speaks against the address that it is sent to, as far as the shop wants to be held up by it."""
    place = loaded.text("shipping")
    if not rules.addresses or not place:
        return []
    from comanda.customers.addresses.check import check_address

    checked = check_address(place)
    serious = checked.verdict == "unusable" or (checked.verdict == "odd" and rules.addresses == "odd")
    told = ", ".join(f"{one.field} {one.what}" for one in checked.doubts)
    return [Hint(ADDRESS, told)] if serious else []


def suspecting(found: Sequence[Hint], at: str) -> Decide:
    """Hold the order for what was found: one hold for a duplicate, one for the address, one for the rest.
    Each is opened once; what staff have released stays released."""

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        if ended(order) or order.lifecycle in UNPLACED:
            return NOTHING
        known = {hold.hold_id for hold in order.holds}
        facts = []
        for reason, hints in _by_reason(found).items():
            hold = Hold(f"h-{reason}", reason, at, "system", hints=tuple(hints))
            if hints and hold.hold_id not in known:
                facts.append(Happened("HoldOpened", {"hold": hold.to_dict()}))
        return Decision(facts=tuple(facts))

    return decide


def _by_reason(found: Sequence[Hint]) -> dict[HoldReason, list[Hint]]:
    return {
        HoldReason.DUPLICATE_SUSPECTED: [hint for hint in found if hint.rule == SAME],
        HoldReason.ADDRESS: [hint for hint in found if hint.rule == ADDRESS],
        HoldReason.FRAUD_SUSPECTED: [hint for hint in found if hint.rule not in (SAME, ADDRESS)],
    }


def _near(order: Order, others: Sequence[tuple[str, str]], minutes: int) -> tuple[str, ...]:
    """The ids of the other orders that were placed so near to this one, before or after it."""
    here, window = moment(order.created_at), timedelta(minutes=minutes)
    return tuple(
        sorted(other for other, at in others if other != order.order_id and abs(moment(at) - here) <= window)
    )


def _whereabouts(loaded: Loaded) -> dict[str, str]:
    contact, place = loaded.text("contact") or {}, loaded.text("shipping") or {}
    where = [str(place.get(name) or "") for name in ("line1", "line2", "city", "postal_code", "country")]
    return {
        "phone": re.sub(r"\D", "", str(contact.get("phone") or "")),
        "address": " ".join(" ".join(where).casefold().split()),
        "email": str(contact.get("email") or "").casefold(),
    }


def _key(*parts: object) -> str:
    """A digest: what is counted says nothing of whom."""
    return sha256(canonical(list(parts)))[:32]
