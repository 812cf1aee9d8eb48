"""What staff do with store credit and gift cards: see, correct with a reason, issue, disable."""

import time
from base64 import b32encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from comanda.canonical import sha256
from comanda.customers.wallet import (
    CARD,
    CREDIT,
    DISABLED,
    MERGED,
    OPEN,
    Account,
    Movement,
    Wallet,
    card_of,
)
from comanda.customers.wallet_store import Wallets
from comanda.dynamo.transaction import AlreadyDone, RevisionMoved, Transaction
from comanda.errors import Busy, NotFound, WrongState
from comanda.idempotency.store import Earlier, KeyStore, Request
from comanda.ids import derived_token

ATTEMPTS = 10
CODE_LENGTH = 16  # of base32: 80 bits, in groups of four

type Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    result: Json
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """Money that staff put in, or with a minus take out, in minor units; who, when and why."""

    amount: int
    currency: str
    reason: str
    actor: str
    at: str

    def into(self, account: Account, identity: str) -> Movement:
        return Movement(account, self.amount, identity, self.at, self.actor, self.reason)


@dataclass(frozen=True, slots=True)
class Till:
    """`known` says whether there is such a customer; `secrets` are the signing keys that codes are derived
    from, the present one first."""

    wallets: Wallets
    keys_seen: KeyStore
    known: Callable[[str], bool]
    secrets: Callable[[], tuple[str, ...]]

    def credit(self, customer_id: str, currency: str) -> Json:
        """A customer's balance and every entry. Raises NotFound."""
        return self._shown(self._account(customer_id, currency))

    def adjust(self, customer_id: str, asked: Asked, request: Request) -> Done:
        """Give or take store credit. Raises NotFound, WrongState (`credit-too-low`), Busy."""
        account = self._account(customer_id, asked.currency)
        movement = asked.into(account, f"staff-{sha256(request.pk)[:32]}")
        return self._once(request, movement, {})

    def issue(self, asked: Asked, request: Request) -> Done:
        """A new gift card with its code, which is told now and never stored. Raises Busy."""
        made = map(partial(_code, request), self.secrets())
        codes = {card_of(code, asked.currency).owner: code for code in made}
        card_id = next(iter(codes))
        movement = asked.into(Account(CARD, card_id, asked.currency), "issued")
        done = self._once(request, movement, {"card_id": card_id})
        return Done(done.result | {"code": codes.get(done.result["card_id"])}, done.replayed)

    def card(self, card_id: str, currency: str) -> Json:
        """A gift card and every entry. Raises NotFound."""
        return self._shown(self._existing(card_id, currency).account)

    def switch(self, card_id: str, currency: str, *, usable: bool) -> Json:
        """Disable a card, or let it be used again. Raises NotFound."""
        account = self._existing(card_id, currency).account
        tx = Transaction()
        self.wallets.switch(tx, account, OPEN if usable else DISABLED)
        tx.commit()
        return self._shown(account)

    def _account(self, customer_id: str, currency: str) -> Account:
        if not self.known(customer_id):
            raise NotFound("there is no such customer")
        return Account(CREDIT, customer_id, currency)

    def _existing(self, card_id: str, currency: str) -> Wallet:
        wallet = self.wallets.read(Account(CARD, card_id, currency))
        if not wallet.there:
            raise NotFound("there is no such gift card")
        return wallet

    def _once(self, request: Request, movement: Movement, told: Json) -> Done:
        """Write the movement with the key it came under; the same key is answered alike."""
        result = told | {"amount": {"amount": movement.amount, "currency": movement.account.currency}}
        for attempt in range(ATTEMPTS):
            earlier = self.keys_seen.earlier(request)
            if earlier:
                return Done(earlier.result, replayed=True)
            self._still_theirs(movement.account)
            tx = Transaction()
            self.wallets.move(tx, movement)
            self.keys_seen.remember(tx, request, Earlier("", 0, result), movement.at)
            try:
                tx.commit()
                return Done(result)
            except AlreadyDone:
                continue
            except RevisionMoved as moved:
                usable = self.wallets.read(movement.account).usable
                if usable < -movement.amount and not self.keys_seen.earlier(request):
                    raise WrongState("credit-too-low", "there is less than that") from moved
            time.sleep(0.01 * attempt)
        raise Busy("others keep changing this balance; nothing was written")

    def _still_theirs(self, account: Account) -> None:
        wallet = self.wallets.read(account)
        if wallet.state == MERGED:
            raise WrongState("customer-merged", f"this customer was merged into {wallet.merged_into}")

    def _shown(self, account: Account) -> Json:
        wallet = self.wallets.read(account)
        shown = [entry_answer(one) for one in self.wallets.entries(account)]
        balance = {"amount": wallet.balance, "currency": account.currency}
        return {"balance": balance, "state": wallet.state, "entries": shown}


def entry_answer(entry: Movement) -> Json:
    """One entry of a ledger as staff see it."""
    return {
        "amount": {"amount": entry.amount, "currency": entry.account.currency},
        "at": entry.at,
        "actor": entry.actor,
        "reason": entry.reason or None,
        "order_id": entry.order_id or None,
    }


def _code(request: Request, secret: str) -> str:
    """Made from the key of the request, so that its repetition is told the same code."""
    proof = derived_token(secret, "gift-card", request.scope, request.key)
    letters = b32encode(bytes.fromhex(sha256(proof))).decode()[:CODE_LENGTH]
    return "-".join(letters[place : place + 4] for place in range(0, CODE_LENGTH, 4))
