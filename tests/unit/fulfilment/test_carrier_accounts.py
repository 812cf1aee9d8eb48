"""Which adapter speaks for which account, and with which secrets."""

import pytest

from comanda.fulfilment.carriers.accounts import Accounts


class Speaker:
    def __init__(self, code, secrets):
        self.code = code
        self.secrets = secrets


def accounts(enabled):
    makers = {code: (lambda secrets, code=code: Speaker(code, secrets)) for code in ("easypost", "ups")}
    return Accounts(makers, lambda: enabled, lambda code: {"api_key": f"key-of-{code}"})


def test_accounts_are_those_switched_on_in_the_shops_order_that_somebody_speaks_for():
    assert accounts(["ups", "stranger", "easypost"]).codes() == ("ups", "easypost")


def test_an_adapter_gets_the_secrets_of_its_own_account_and_is_made_once():
    found = accounts([])
    assert found.of("ups").secrets() == {"api_key": "key-of-ups"}
    assert found.of("ups") is found.of("ups")
    with pytest.raises(KeyError):
        found.of("stranger")
