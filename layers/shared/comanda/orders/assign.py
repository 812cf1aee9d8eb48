"""Who sells an order, and the tags it carries: given by staff, or by the shop's rules when it is placed."""

from collections.abc import Iterable, Mapping
from re import findall
from typing import Any

from comanda.errors import Invalid
from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.desk import Decide
from comanda.orders.facts import Happened
from comanda.orders.filters import ME
from comanda.orders.index import NOBODY
from comanda.orders.model import Order
from comanda.settings.sections import Sales, SalesRule

MOST_TAGS = 10


def assigning(to: str) -> Decide:
    """Give the order to a salesperson or a team; nobody: an empty name."""

    def decide(loaded: Loaded) -> Decision:
        result = {"assigned": to or None}
        if loaded.order.assigned == to:
            return Decision(result=result)
        return Decision(facts=(Happened("OrderAssigned", {"to": to}),), result=result)

    return decide


def tagging(add: Iterable[str], remove: Iterable[str]) -> Decide:
    """Put tags on the order and take others off; what is in both stays. Raises Invalid for too many."""

    def decide(loaded: Loaded) -> Decision:
        before = frozenset(loaded.order.tags)
        after = tuple(sorted((before - frozenset(remove)) | frozenset(add)))
        if len(after) > MOST_TAGS:
            raise Invalid.at("/add", f"an order carries at most {MOST_TAGS} tags")
        result = {"tags": list(after)}
        if before == frozenset(after):
            return Decision(result=result)
        return Decision(facts=(Happened("OrderTagged", {"tags": list(after)}),), result=result)

    return decide


def by_rule(order: Order, address: Mapping[str, Any], sales: Sales) -> str:
    """Whom the first rule that fits gives the order to; empty when none does.

    A team whose turns are on is asked in turn, by the order's number: that needs no counter.
    """
    rule = next((one for one in sales.rules if _fits(one, order, address)), None)
    if rule is None:
        return ""
    team = next((one for one in sales.teams if one.name.casefold() == rule.to.casefold()), None)
    if team is None or not team.members or not team.in_turn:
        return rule.to
    digits = findall(r"\d+", order.number)
    return team.members[int(digits[-1]) % len(team.members)] if digits else team.members[0]


def _fits(rule: SalesRule, order: Order, address: Mapping[str, Any]) -> bool:
    country = str(address.get("country") or "").upper()
    state = str(address.get("state") or "").strip().casefold()
    total = order.totals.total
    return (
        (not rule.countries or country in rule.countries)
        and (not rule.states or state in {one.casefold() for one in rule.states})
        and (not rule.channels or order.channel in rule.channels)
        and rule.from_total <= total
        and (rule.below_total is None or total < rule.below_total)
    )


def names_of(actor: str, sales: Sales) -> tuple[str, ...]:
    """What somebody of the staff is called: their names in the settings, else their own id."""
    user = actor.removeprefix("staff:")
    return tuple(one.name for one in sales.people if one.user == user) or (actor,)


def assignee(to: str | None, actor: str, sales: Sales, pointer: str = "/to") -> str:
    """Whom `to` means, in the settings' own spelling: `me` is who asks, null or `none` nobody.

    Known are the people, teams and members of the settings section `sales`, and whom its rules name.
    Raises Invalid for anybody else.
    """
    wanted = (to or "").strip().casefold()
    if wanted in ("", NOBODY):
        return ""
    own = names_of(actor, sales)
    if wanted == ME:
        return own[0]
    listed = [person.name for person in sales.people] + [team.name for team in sales.teams]
    listed += [name for team in sales.teams for name in team.members] + [rule.to for rule in sales.rules]
    known = {name.casefold(): name for name in (*own, *reversed(listed))}
    if wanted not in known:
        if not listed:
            raise Invalid.at(pointer, "nobody sells here yet; the settings (sales) name those who do")
        told = ", ".join(dict.fromkeys(listed))
        raise Invalid.at(pointer, f"nobody of that name sells here; the settings (sales) list: {told}")
    return known[wanted]


def assigned_by_rule(order: Order, address: Mapping[str, Any], sales: Sales) -> Decision:
    """The fact of an assignment by rule, at the order's placing; staff who did it before keep it."""
    to = "" if order.assigned else by_rule(order, address, sales)
    return Decision(facts=(Happened("OrderAssigned", {"to": to, "by": "rule"}),)) if to else NOTHING
