"""Whatever stops on the way, a label is bought once and charged once, or a person is told."""

import pytest

from comanda.fulfilment.carriers.port import Unavailable
from tests.functional.edits import confirmed
from tests.functional.labels_world import BOX, WISH, LabelWorld
from tests.functional.shop import ADDRESS
from tests.functional.test_carrier_webhooks import arrive, report

pytestmark = pytest.mark.capability("D12")
ON_THE_WAY = [
    "effect.after_claim",
    "label.before_prepare",
    "label.after_prepare",
    "effect.before_call",
    "effect.after_call",
    "effect.before_commit",
    "effect.after_commit",
]
GIVING_BACK = ["effect.after_claim", "effect.before_call", "effect.after_call", "effect.before_commit",
               "effect.after_commit"]  # fmt: skip
LEASE = 130


def wanted(shop: LabelWorld, **more: object) -> str:
    order_id = shop.ready()
    shop.does(order_id, "buy-label", WISH | more)
    return order_id


@pytest.mark.parametrize("point", ON_THE_WAY)
def test_one_label_one_charge_wherever_it_dies(shop: LabelWorld, point: str) -> None:
    order_id = wanted(shop)
    with shop.world.crashing(point) as passed:
        shop.work(order_id, dying=True)
        assert point in passed
        shop.work(order_id, dying=True)  # its lease runs: nobody else touches it
        shop.later(seconds=LEASE)
        shop.work(order_id)
    assert (len(shop.carrier.sold), len(shop.carrier.labels)) == (1, 1)
    assert shop.states(order_id) == ["bought"]
    assert [one.tracking_number for one in shop.order(order_id).shipments] == ["TRK1"]
    assert shop.effects(order_id)["label-l1"].state == "done"
    assert shop.history(order_id).count("LabelBought") == 1
    assert shop.order(order_id).open_holds == ()


def test_a_lost_answer_is_looked_for_at_once(shop: LabelWorld) -> None:
    order_id = wanted(shop)
    shop.carrier.lost = 1
    shop.work(order_id)
    assert (shop.states(order_id), len(shop.carrier.sold)) == (["bought"], 1)
    assert shop.order(order_id).fulfilment == "shipped"


def test_a_lost_answer_is_looked_for_not_repeated(shop: LabelWorld) -> None:
    """The carrier shows what it sold a little later."""
    order_id = wanted(shop)
    shop.carrier.lost = 1
    shop.carrier.blind = 1
    shop.work(order_id)
    assert (shop.states(order_id), len(shop.carrier.sold)) == (["wanted"], 1)
    shop.later(seconds=LEASE)
    shop.work(order_id)
    assert (shop.states(order_id), len(shop.carrier.sold)) == (["bought"], 1)


def test_where_nobody_can_tell_a_person_decides(shop: LabelWorld) -> None:
    """A carrier that sells in one step and cannot be asked for what it sold."""
    shop.carrier.steps = 1
    order_id = wanted(shop)
    shop.carrier.lost = 1
    for _ in range(3):
        shop.work(order_id)
        shop.later(seconds=LEASE)
    assert (shop.states(order_id), len(shop.carrier.sold)) == (["wanted"], 1)
    assert shop.effects(order_id)["label-l1"].state == "unknown"
    (hold,) = shop.order(order_id).open_holds
    assert (hold.reason, hold.detail) == (
        "unknown_effect",
        "label-l1: this carrier does not tell what it sold",
    )
    shop.does(order_id, "retry")  # it looked at the carrier's: nothing is there
    shop.work(order_id)
    assert (shop.states(order_id), len(shop.carrier.sold)) == (["bought"], 2)


def test_after_a_persons_word_a_carrier_that_takes_nothing_in_is_asked_again(
    shop: LabelWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the person looked up holds until something may have been sold since."""
    shop.carrier.steps = 1
    order_id = wanted(shop)
    shop.carrier.lost = 1
    for _ in range(2):
        shop.work(order_id)
        shop.later(seconds=LEASE)
    shop.does(order_id, "retry")
    with monkeypatch.context() as for_now:
        for_now.setattr(shop.carrier, "buy", refusing_to_connect)
        shop.work(order_id)
    shop.later(hours=2)
    shop.work(order_id)
    assert (shop.states(order_id), len(shop.carrier.sold)) == (["bought"], 2)
    assert shop.order(order_id).open_holds == ()


def refusing_to_connect(*_: object) -> None:
    raise Unavailable("nobody answers the door")


def test_while_a_carrier_is_down_nothing_is_asked_twice(shop: LabelWorld) -> None:
    shop.carrier.steps = 1
    order_id = wanted(shop)
    shop.carrier.down = True
    for _ in range(3):
        shop.work(order_id)
        shop.later(hours=2)
    assert (shop.states(order_id), shop.carrier.sold) == (["wanted"], [])
    assert shop.order(order_id).open_holds == ()
    shop.carrier.down = False
    shop.work(order_id)
    assert (shop.states(order_id), len(shop.carrier.sold)) == (["bought"], 1)


@pytest.mark.parametrize("point", GIVING_BACK)
def test_given_back_wherever_it_dies(shop: LabelWorld, point: str) -> None:
    order_id = wanted(shop, ship=False)
    shop.work(order_id)
    shop.does(order_id, "void-label", {"label_id": "l1"})
    with shop.world.crashing(point) as passed:
        shop.work(order_id, dying=True)
        assert point in passed
        shop.later(seconds=LEASE)
        shop.work(order_id)
    assert shop.states(order_id) == ["voided"]
    assert shop.carrier.labels["shp_1"].void == "voided"
    assert shop.history(order_id).count("LabelVoided") == 1


def test_what_the_carrier_keeps_is_told_and_tried_again(shop: LabelWorld) -> None:
    order_id = wanted(shop, ship=False)
    shop.work(order_id)
    shop.carrier.keeping = "too late"
    shop.does(order_id, "void-label", {"label_id": "l1"})
    shop.work(order_id)
    (label,) = shop.labels(order_id)
    assert (label.state, label.reason) == ("bought", "void-refused")
    assert [hold.reason for hold in shop.order(order_id).open_holds] == ["effect_failed"]
    shop.carrier.keeping = ""
    shop.does(order_id, "retry")
    shop.work(order_id)
    assert (shop.states(order_id), shop.order(order_id).open_holds) == (["voided"], ())


@pytest.mark.parametrize("point", ["", "effect.before_call", "effect.after_call"])
def test_an_order_cancelled_meanwhile_keeps_no_label(shop: LabelWorld, point: str) -> None:
    order_id = wanted(shop)
    with shop.world.crashing(point or "nowhere"):
        if point:
            shop.work(order_id, dying=True)
    shop.does(order_id, "cancel", {"reason": "customer"})
    shop.later(seconds=LEASE)
    for _ in range(2):
        shop.work(order_id)
    bought = point == "effect.after_call"
    assert (shop.states(order_id), len(shop.carrier.sold), len(shop.carrier.voids)) == (
        ["voided"],
        bought,
        bought,
    )
    assert shop.order(order_id).shipments == ()


def test_an_order_held_meanwhile_is_not_shipped(shop: LabelWorld) -> None:
    order_id = wanted(shop)
    with shop.world.crashing("effect.after_call"):
        shop.work(order_id, dying=True)
    held = shop.does(order_id, "hold", {"reason": "wait"})["result"]["hold_id"]
    shop.later(seconds=LEASE)
    shop.work(order_id)
    (label,) = shop.labels(order_id)
    assert (label.state, label.reason, shop.order(order_id).shipments) == ("bought", "on-hold", ())
    shop.does(order_id, "release-hold", {"hold_id": held})
    shop.does(order_id, "ship-label", {"label_id": "l1"})
    assert shop.order(order_id).fulfilment == "shipped"


def test_held_before_it_is_bought_it_is_not_bought(shop: LabelWorld) -> None:
    order_id = wanted(shop)
    shop.does(order_id, "hold", {"reason": "wait"})
    shop.work(order_id)
    (label,) = shop.labels(order_id)
    assert (label.state, label.reason, shop.carrier.sold) == ("failed", "on-hold", [])


@pytest.mark.capability("D34")
def test_another_address_voids_the_label_and_buys_it_anew(shop: LabelWorld) -> None:
    order_id = wanted(shop, ship=False)
    shop.work(order_id)
    elsewhere = ADDRESS | {"line1": "Reforma 1", "city": "Monterrey", "postal_code": "64000"}
    confirmed(shop.call, order_id, {"type": "address", "shipping_address": elsewhere})
    assert shop.states(order_id) == ["giving_back", "wanted"]
    assert shop.labels(order_id)[1].replaces == "l1"
    shop.work(order_id)
    shop.work(order_id)
    assert shop.states(order_id) == ["voided", "bought"]
    assert [one.recipient.city for one in shop.carrier.sold] == ["Cuauhtémoc", "Monterrey"]
    assert shop.carrier.voids == ["shp_1"]
    same = confirmed(shop.call, order_id, {"type": "address", "shipping_address": elsewhere})
    assert shop.states(order_id) == ["voided", "bought"], same


@pytest.mark.capability("D34")
@pytest.mark.parametrize("scanned", [False, True])
def test_a_parcel_that_left_to_a_former_address_is_told(shop: LabelWorld, scanned: bool) -> None:
    order_id = shop.ready()
    parcel = {"lines": [{"sku": "TAZA", "quantity": 2}], **BOX}
    shop.does(order_id, "buy-label", WISH | {"parcels": [parcel]})
    shop.work(order_id)
    if scanned:
        arrive(shop.call, report("TRK1", ("in_transit", "19:00")))
    elsewhere = ADDRESS | {"line1": "Reforma 1", "city": "Monterrey", "postal_code": "64000"}
    confirmed(shop.call, order_id, {"type": "address", "shipping_address": elsewhere})
    told = [(hold.reason, hold.detail) for hold in shop.order(order_id).open_holds]
    assert told == ([] if scanned else [("delivery_exception", "label-l1: former-address")])
    assert shop.states(order_id) == ["bought"]  # it is used: nothing goes back by itself


def test_units_edited_away_take_their_label_along(shop: LabelWorld) -> None:
    order_id = wanted(shop, ship=False)
    shop.work(order_id)
    confirmed(shop.call, order_id, {"type": "quantity", "sku": "CAFE-1", "quantity": 1})
    shop.work(order_id)
    assert shop.states(order_id) == ["voided"]
