"""Write the table of the back office's pages into docs/roles.md; a test keeps the two equal."""

from comanda.backoffice.staff import PERMISSIONS, ROLES
from local.home import REPOSITORY

PAGE = REPOSITORY / "docs" / "roles.md"
BASE = "/back-office"
BEGIN = "## Pages of the back office\n"


def page(before: str) -> str:
    """The whole page: what stands before the table of pages, then the table."""
    return before.partition(BEGIN)[0].rstrip() + "\n\n" + BEGIN + "\n" + _table() + "\n"


def _table() -> str:
    from functions.back_office.app import house

    head = ["| page | permission | " + " | ".join(ROLES) + " |", "|---|---|" + "---|" * len(ROLES)]
    rows = [
        f"| `{rule.method} {BASE}{rule.path.replace('<', '{').replace('>', '}')}` | {rule.permission} | "
        + " | ".join("yes" if role in PERMISSIONS[rule.permission] else "no" for role in ROLES)
        + " |"
        for rule in sorted(house.rules, key=lambda one: (one.path, one.method))
    ]
    return "\n".join(head + rows)


def main() -> None:
    PAGE.write_text(page(PAGE.read_text()))


if __name__ == "__main__":
    main()
