"""The shop's own words as lines."""


def lines_of(text: str) -> tuple[str, ...]:
    """Its lines without those that are empty."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())
