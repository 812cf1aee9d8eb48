"""Both vocabularies of an order's state in a reader's words."""

from typing import Any

from comanda.conversation.speech import Speech
from comanda.conversation.words import LABEL, STAGE, word
from comanda.orders.vocabulary import Label, Stage


def labels_answer(locale: str) -> dict[str, Any]:
    """`{labels: [{code, word}], stages: [{code, word}]}`, each in the order of an order's way."""
    speech = Speech(locale)
    return {
        "labels": [{"code": str(code), "word": word(LABEL, code, speech)} for code in Label],
        "stages": [{"code": str(code), "word": word(STAGE, code, speech)} for code in Stage],
    }
