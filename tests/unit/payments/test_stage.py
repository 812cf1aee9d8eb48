"""A stage uses its own kind of key and no other."""

import pytest

from comanda.payments.stage import KeyOfAnotherStage, key_for, mercadopago_keys


@pytest.mark.parametrize(
    ("stage", "key"), [("prod", "sk_live_1"), ("dev", "sk_test_1"), ("local", "rk_test_1")]
)
def test_a_key_of_its_own_stage_is_used(stage: str, key: str) -> None:
    assert key_for(stage, key) == key


@pytest.mark.parametrize(
    ("stage", "key"), [("dev", "sk_live_1"), ("dev", "rk_live_1"), ("prod", "sk_test_1")]
)
def test_a_key_of_another_stage_is_refused(stage: str, key: str) -> None:
    with pytest.raises(KeyOfAnotherStage):
        key_for(stage, key)


TEST, USER, LIVE = (
    {"access_token": "TEST-1"},
    {"access_token": "APP_USR-1", "test_user": True},
    {"access_token": "APP_USR-1"},
)


def test_a_token_of_mercado_pago_belongs_to_a_stage_too() -> None:
    for stage, keys in (("dev", TEST), ("dev", USER), ("prod", LIVE), ("dev", {}), ("prod", {})):
        assert mercadopago_keys(stage, keys) == keys
    for stage, keys in (("dev", LIVE), ("prod", TEST), ("prod", USER)):
        with pytest.raises(KeyOfAnotherStage):
            mercadopago_keys(stage, keys)
