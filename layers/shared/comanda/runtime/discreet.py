"""What exceptions say, without the people and secrets in it: their texts quote what they were given."""

import re

HIDDEN = "[hidden]"
PATTERNS = (
    re.compile(r"[^\s\"'<>()=:,;]+@[^\s\"'<>(),;]+"),  # an e-mail address
    re.compile(r"(?<![\w-])\+?\d(?:[ ().-]{0,2}\d){10,}(?![\w-])"),  # a telephone or card number
    re.compile(r"(?:sk|rk|whsec|whsk)_\w+"),
    re.compile(r"(?i)(?:bearer\s+|token[\"']?\s*[=:]\s*[\"']?)[\w.~+/-]{12,}=*"),
)


def discreet(text: str) -> str:
    """The text with addresses, long numbers, keys and tokens hidden."""
    for pattern in PATTERNS:
        text = pattern.sub(HIDDEN, text)
    return text
