"""Who sells an order: the first rule that fits, members of a team in turn."""

from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest

from comanda.errors import Invalid
from comanda.orders.assign import by_rule, names_of, tagging
from comanda.orders.filters import understand, whose
from comanda.orders.index import row, traits
from comanda.orders.shown import promised
from comanda.orders.vocabulary import Channel
from comanda.settings.sections import Sales
from tests.examples import TOTAL, a_line, an_order, loaded

CDMX = {"country": "MX", "state": "CDMX"}


def sales(*rules: dict[str, Any], **more: Any) -> Sales:
    return Sales.model_validate({"rules": list(rules), **more})


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        ({}, True),
        ({"countries": ["MX"]}, True),
        ({"countries": ["US"]}, False),
        ({"states": ["cdmx", "Jalisco"]}, True),
        ({"states": ["Jalisco"]}, False),
        ({"channels": ["web"]}, True),
        ({"channels": ["phone"]}, False),
        ({"from_total": TOTAL}, True),
        ({"from_total": TOTAL + 1}, False),
        ({"below_total": TOTAL}, False),
        ({"below_total": TOTAL + 1}, True),
    ],
)
def test_a_rule_fits_by_place_channel_and_amount(rule: dict[str, Any], fits: bool) -> None:
    assert by_rule(an_order(), CDMX, sales(rule | {"to": "Marta"})) == ("Marta" if fits else "")


def test_the_first_rule_that_fits_decides() -> None:
    shop = sales({"to": "Luis", "countries": ["US"]}, {"to": "Marta"}, {"to": "Ana"})
    assert by_rule(an_order(), CDMX, shop) == "Marta"


def test_a_team_in_turn_shares_its_orders_evenly() -> None:
    shop = sales({"to": "sur"}, teams=[{"name": "Sur", "members": ["Ana", "Luis", "Marta"], "in_turn": True}])
    given = [by_rule(an_order(number=f"P-{n:06d}"), CDMX, shop) for n in range(1, 10)]
    assert given == ["Luis", "Marta", "Ana"] * 3


def test_a_team_without_turns_has_the_order_as_a_whole() -> None:
    shop = sales({"to": "Sur"}, teams=[{"name": "Sur", "members": ["Ana"]}])
    assert by_rule(an_order(), {}, shop) == "Sur"


def test_orders_are_found_by_who_has_them_and_by_tag() -> None:
    order = replace(an_order(), assigned="Marta", tags=("urgente", "vip"))

    def fits(**asked: Any) -> bool:
        chosen = understand(asked, order.created_at, UTC)
        return chosen.accepts(traits(row(order)), order.created_at)

    assert fits(assigned="MARTA")
    assert fits(assigned=["Luis", "Marta"])
    assert fits(tag=["vip"])
    assert not fits(tag="nuevo")
    assert not fits(**{"not.tag": "vip"})
    assert not fits(assigned="none")
    assert not fits(assigned="none", tag="vip")
    order = an_order()
    assert fits(assigned="none")
    assert fits(**{"not.tag": "vip"})


def test_me_is_every_name_of_who_asks() -> None:
    shop = sales(people=[{"name": "Marta", "user": "u1"}, {"name": "M. Ruiz", "user": "u1"}, {"name": "Ana"}])
    assert names_of("staff:u1", shop) == ("Marta", "M. Ruiz")
    assert names_of("staff:u2", shop) == ("staff:u2",)
    asked = {"assigned": ["me", "none"], "channel": ["web"]}
    assert whose(asked, ("Marta",)) == {"assigned": ["Marta", "none"], "channel": ["web"]}


def test_an_order_takes_ten_tags() -> None:
    order = an_order(tags=tuple(f"t{n}" for n in range(10)))
    with pytest.raises(Invalid):
        tagging(["uno-mas"], [])(loaded(order))
    decision = tagging(["uno-mas"], ["t3"])(loaded(order))
    assert len(decision.facts[0].data["tags"]) == 10
    assert tagging(["t1"], ["t1"])(loaded(order)).facts == ()
    assert order.channel == Channel.WEB


def test_the_list_shows_the_last_promise_that_is_still_to_be_kept() -> None:
    soon, late = a_line(promised_at="2026-12-01"), a_line("l2", "TAZA-1", 1, promised_at="2026-12-09")
    assert promised(an_order()) == ""
    assert promised(an_order(lines=(soon, late))) == "2026-12-09"
    assert promised(an_order(lines=(soon, replace(late, shipped=1)))) == "2026-12-01"
