"""Write docs/roles.md's tables of who may call what, API and pages; tests keep them equal to the routes."""

from comanda.backoffice.staff import PERMISSIONS, ROLES
from local.home import REPOSITORY

PAGE = REPOSITORY / "docs" / "roles.md"
BASE = "/back-office"
CALLS = "| call | permission |"
PAGES = "## Pages of the back office\n"


def page(before: str) -> str:
    """The whole page: what stands before the tables, then both."""
    from functions.back_office.app import house
    from functions.staff_api.app import routes

    calls = [(rule.method, rule.path, rule.permission) for rule in routes.rules]
    pages = [(rule.method, BASE + rule.path, rule.permission) for rule in house.rules]
    tables = _table("call", calls) + "\n\n" + PAGES + "\n" + _table("page", pages)
    return before.partition(CALLS)[0].rstrip() + "\n\n" + tables + "\n"


def _table(what: str, routes: list[tuple[str, str, str]]) -> str:
    head = [f"| {what} | permission | " + " | ".join(ROLES) + " |", "|---|---|" + "---|" * len(ROLES)]
    rows = [
        f"| `{method} {path.replace('<', '{').replace('>', '}')}` | {permission} | "
        + " | ".join("yes" if role in PERMISSIONS[permission] else "no" for role in ROLES)
        + " |"
        for method, path, permission in sorted(routes, key=lambda one: (one[1], one[0]))
    ]
    return "\n".join(head + rows)


def main() -> None:
    PAGE.write_text(page(PAGE.read_text()))


if __name__ == "__main__":
    main()
