"""What was found about an address, in words for customers and staff."""

from collections.abc import Sequence

from comanda.conversation.speech import N_, Speech
from comanda.customers.addresses.finding import Checked, What

TEXTS: dict[tuple[str, str], str] = {
    ("line1", "required"): N_("The street is missing."),
    ("city", "required"): N_("The city is missing."),
    ("state", "required"): N_("The state is missing."),
    ("postal_code", "required"): N_("The postal code is missing."),
    ("name", "required"): N_("It does not say who receives it."),
    ("phone", "required"): N_("The carrier asks for a telephone number."),
    ("country", "unknown"): N_("This country is not known."),
    ("state", "unknown"): N_("This state is not known."),
    ("city", "unknown"): N_("No city of this name is known in the state."),
    ("postal_code", "format"): N_("Postal codes of this country look otherwise."),
    ("postal_code", "other_area"): N_("The postal code belongs to another state."),
    ("postal_code", "other_city"): N_("The postal code belongs to another city."),
    ("line1", "no_number"): N_("The street has no number."),
    ("line1", "po_box"): N_("It is a box at the post office, where most carriers do not go."),
    ("state", "spelling"): N_("The state is usually written otherwise."),
    ("city", "spelling"): N_("The city is usually written otherwise."),
    ("postal_code", "spelling"): N_("The postal code is usually written otherwise."),
}
TOO_LONG = {
    "line1": N_("The street has no room on a line of the label (%(most)s characters)."),
    "line2": N_("The second line has no room on the label (%(most)s characters)."),
    "city": N_("The city has no room on the label (%(most)s characters)."),
    "name": N_("The name has no room on the label (%(most)s characters)."),
    "company": N_("The company has no room on the label (%(most)s characters)."),
    "phone": N_("The telephone number has no room on the label (%(most)s characters)."),
}
CHOICES: dict[str, str] = {
    What.FORMAT: N_("For example: %(choices)s."),
    What.SPELLING: N_("As a rule: %(choices)s."),
}


def finding_text(field: str, what: str, expected: Sequence[str], speech: Speech) -> str:
    """One finding in a sentence, and what would do in another."""
    if what == What.TOO_LONG:
        return speech.say(TOO_LONG[field], most=expected[0])
    said = speech.say(TEXTS[field, what])
    if not expected:
        return said
    fits = CHOICES.get(what, N_("What fits: %(choices)s."))
    return f"{said} {speech.say(fits, choices=', '.join(expected))}"


def told(checked: Checked, speech: Speech) -> dict[str, object]:
    """The result of a check with a `text` for each finding."""
    texts = [
        found.to_dict() | {"text": finding_text(found.field, found.what, found.expected, speech)}
        for found in checked.findings
    ]
    return checked.to_dict() | {"findings": texts}
