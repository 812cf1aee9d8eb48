"""Statements and their movements as the staff API answers them."""

from typing import Any

from comanda.backoffice.statements.confirming import Result
from comanda.backoffice.statements.proposing import Row
from comanda.orders.wire import money
from comanda.runtime.http import document
from comanda.statements.matching import Candidate
from comanda.statements.model import Account, Decided, Statement


def statement_answer(statement: Statement) -> dict[str, Any]:
    """`known` are movements that an earlier file had brought."""
    return {
        "statement_id": statement.statement_id,
        "format": statement.format,
        "accounts": [_account(one) for one in statement.accounts],
        "entries": statement.entries,
        "added": statement.added,
        "known": statement.entries - statement.added if statement.whole else None,
        "left_out": [one.to_dict() for one in statement.left_out],
        "complete": statement.whole,
        "at": statement.at,
        "actor": statement.actor,
    }


def _account(account: Account) -> dict[str, Any]:
    balances = {name: getattr(account, name) for name in ("opening", "closing")}
    return {
        "account": account.name or None,
        "currency": account.currency or None,
        "from": account.first_day or None,
        "to": account.last_day or None,
    } | {name: None if sum_ is None else money(sum_, account.currency) for name, sum_ in balances.items()}


def row_answer(row: Row) -> dict[str, Any]:
    """A movement with what was decided of it, or what is proposed."""
    entry, proposal = row.entry, row.proposal
    return {
        "entry_id": entry.entry_id,
        "account": entry.account or None,
        "kind": entry.kind,
        "amount": money(entry.amount, entry.currency),
        "booked_on": entry.booked_on,
        "value_on": entry.value_on or None,
        "payer": entry.payer or None,
        "payer_account": entry.payer_account or None,
        "text": entry.text or None,
        "references": list(entry.references),
        "bank_reference": entry.bank_ref or None,
        "state": row.decided.state,
        "outcome": proposal.outcome if proposal else None,
        "preselected": row.preselected,
        "order": candidate_answer(proposal.order) if proposal and proposal.order else None,
        "candidates": [candidate_answer(one) for one in proposal.candidates] if proposal else [],
        "decided": decided_answer(row.decided, entry.currency),
        "taken_back": row.taken_back,
    }


def candidate_answer(candidate: Candidate) -> dict[str, Any]:
    """An order that a movement may pay; `outcome` is what confirming it would be."""
    return {
        "order_id": candidate.order_id,
        "number": candidate.number,
        "outcome": candidate.standing,
        "due": money(candidate.due, candidate.currency),
        "why": candidate.why,
    }


def decided_answer(decided: Decided, currency: str) -> dict[str, Any] | None:
    """None for a movement that nobody has decided about."""
    if decided.state == "open":
        return None
    return {
        "state": decided.state,
        "order_id": decided.order_id or None,
        "number": decided.number or None,
        "as": decided.standing or None,
        "payment_id": decided.payment_id or None,
        "parts": [
            {"order_id": one.order_id, "number": one.number, "amount": money(one.amount, currency)}
            for one in decided.parts
        ],
        "reason": decided.reason or None,
        "at": decided.at,
        "actor": decided.actor,
    }


def result_answer(result: Result) -> dict[str, Any]:
    told: dict[str, Any] = {
        "entry_id": result.entry_id,
        "outcome": result.outcome,
        "order_id": result.order_id or None,
        "payment_id": result.payment_id or None,
    }
    return told | ({"problem": document(result.problem)} if result.problem else {})
