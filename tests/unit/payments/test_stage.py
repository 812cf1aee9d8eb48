"""A stage uses its own kind of key and no other."""

import pytest

from comanda.payments.stage import KeyOfAnotherStage, key_for


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
