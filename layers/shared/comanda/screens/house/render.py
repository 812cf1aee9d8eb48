"""Templates to pages: each topic's folder under its own name, strict, everything escaped."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined

SCREENS = Path(__file__).resolve().parents[1]


@cache
def environment() -> Environment:
    """`orders/list.html.j2` is `screens/orders/templates/list.html.j2`."""
    topics = {path.parent.name: FileSystemLoader(path) for path in sorted(SCREENS.glob("*/templates"))}
    return Environment(
        loader=PrefixLoader(topics),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def render(template: str, values: dict[str, Any]) -> str:
    return environment().get_template(template).render(values)
