"""Every text that a refusal can say, read from the code: f-strings as templates with named holes.

A refusal is made where something is wrong, in English, and carries no key. What it may say is found in the
syntax tree: the details of problems, remarks about files, and what validators say.
"""

import ast
import builtins
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local.home import REPOSITORY

SOURCE = REPOSITORY / "layers" / "shared" / "comanda"
PROBLEMS = SOURCE / "errors.py"
AT = {
    "at": 1,
    "WrongState": 1,
    "Guard": 1,
    "remark": 3,
    "Misread": 0,
    "refusal": 1,
    "damaged": 0,
    "_problem": 3,
    "_warning": 3,
    "Step": 4,
}
# Parts of such texts, by file: the variables that they are put together from.
FRAGMENTS = {
    "pricelists/model.py": ("boxes", "least"),
    "fulfilment/pick.py": ("short", "none"),
    "fulfilment/ready.py": ("short",),
    "fulfilment/units.py": ("short",),
}
# Texts that functions answer, for a refusal made elsewhere: by file, and the names of those functions.
ANSWERED = {
    "runtime/http/wording.py": ("_one_of", "_characters", "_entries", "_length", "<lambda>"),
    "fulfilment/units.py": ("_shortage", "_not_through"),
    "orders/label.py": ("_why",),
    "orders/edits/sheet.py": ("_why_none",),
    "stock/import_products.py": ("_why_not",),
    "orders/zones.py": ("_nowhere",),
    "orders/offer.py": ("why_not",),
}
# Whose validators speak to people; elsewhere a ValueError is a mistake of the programmer's.
VALIDATORS = (
    "backoffice/bodies",
    "backoffice/bulk/bodies",
    "orders/filters",
    "orders/promised",
    "settings/sections/",
)
NAMED = ("detail", "problem")  # keys of a dictionary that hold such a text


@dataclass(frozen=True, slots=True)
class Said:
    """A template, or (`unknown`) the code of a text that is put together somewhere else."""

    template: str
    file: str
    line: int
    unknown: bool = False


def problems() -> set[str]:
    """The names of the classes in errors.py."""
    return {node.name for node in ast.parse(PROBLEMS.read_text()).body if isinstance(node, ast.ClassDef)}


def said() -> list[Said]:
    """All of them, by file."""
    found: list[Said] = []
    for path in sorted(SOURCE.rglob("*.py")):
        judges = str(path.relative_to(SOURCE)).startswith(VALIDATORS)
        if path != PROBLEMS:
            found += _File(path, problems() | ({"ValueError"} if judges else set())).said()
    return found


class _File:
    def __init__(self, path: Path, names: set[str]) -> None:
        self.tree = ast.parse(path.read_text())
        self.name = str(path.relative_to(SOURCE))
        self.names = names
        self.parents = {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    def said(self) -> list[Said]:
        return [
            one
            for node in ast.walk(self.tree)
            for text in self._texts(node)
            for one in self._read(text, node)
        ]

    def _texts(self, node: ast.AST) -> Iterator[ast.expr]:
        """The expressions of a node that such a text comes from."""
        answered = ANSWERED.get(self.name, ())
        if isinstance(node, ast.Lambda) and "<lambda>" in answered:
            yield node.body
        elif isinstance(node, ast.Return) and node.value is not None and self._function(node) in answered:
            yield node.value
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            if node.targets[0].id in FRAGMENTS.get(self.name, ()):
                yield node.value
        elif isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            yield from (v for k, v in pairs if isinstance(k, ast.Constant) and k.value in NAMED)
        elif isinstance(node, ast.Call):
            yield from self._given(node)

    def _given(self, call: ast.Call) -> Iterator[ast.expr]:
        """The argument of a call that makes a refusal."""
        method = isinstance(call.func, ast.Attribute)
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        whose = getattr(call.func.value, "id", "") if isinstance(call.func, ast.Attribute) else ""
        if name == "at" and not (method and whose in self.names):
            return
        place = AT.get(name, 0)
        if (name in self.names or name in AT) and len(call.args) > place:
            yield call.args[place]

    def _function(self, node: ast.AST) -> str:
        """The name of the function around a node."""
        above: ast.AST | None = node
        while above is not None and not isinstance(above, ast.FunctionDef):
            above = self.parents.get(above)
        return above.name if above is not None else ""

    def _read(self, text: ast.expr, at: ast.AST) -> Iterator[Said]:
        for template in self._templates(text, at, set()):
            if template is None:
                yield Said(ast.unparse(text), self.name, text.lineno, unknown=True)
            elif re.search(r"[a-z]{2}", re.sub(r"\{\w+\}", "", template)):
                yield Said(template, self.name, text.lineno)

    def _templates(self, text: ast.expr, at: ast.AST, seen: set[str]) -> Iterator[str | None]:
        """Every text that an expression may be, None for one that cannot be told from here."""
        if isinstance(text, ast.Constant) and isinstance(text.value, str):
            yield text.value
        elif isinstance(text, ast.JoinedStr):
            yield template(text)
            for hole in (part.value for part in text.values if isinstance(part, ast.FormattedValue)):
                if isinstance(hole, ast.Name) and hole.id not in seen:
                    parts = self._assigned(hole.id, at, seen | {hole.id})
                    yield from (part for part in parts if part is not None)
        elif isinstance(text, ast.ListComp):
            yield from self._templates(text.elt, at, seen)
        elif isinstance(text, ast.Tuple):
            yield from self._templates(text.elts[-1], at, seen)
        elif isinstance(text, ast.IfExp):
            yield from self._templates(text.body, at, seen)
            yield from self._templates(text.orelse, at, seen)
        elif isinstance(text, ast.Name) and text.id not in seen:
            yield from self._assigned(text.id, at, seen | {text.id})
        else:
            yield None

    def _assigned(self, name: str, at: ast.AST, seen: set[str]) -> Iterator[str | None]:
        values: list[ast.expr] = []
        scope: ast.AST | None = at
        while scope is not None and not values:
            scope = self.parents.get(scope)
            if isinstance(scope, ast.FunctionDef | ast.Module):
                for node in ast.walk(scope):
                    targets = node.targets if isinstance(node, ast.Assign) else []
                    if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr):
                        targets = targets or [node.target]  # type: ignore[union-attr]
                        if (
                            any(isinstance(one, ast.Name) and one.id == name for one in targets)
                            and node.value
                        ):
                            values.append(node.value)
        for value in values:
            yield from self._templates(value, at, seen)
        if not values:
            yield None


def template(text: ast.JoinedStr) -> str:
    """An f-string with a name in each hole; two holes never have the same."""
    parts: list[str] = []
    used: list[str] = []
    for value in text.values:
        if isinstance(value, ast.Constant):
            parts.append(str(value.value))
        elif isinstance(value, ast.FormattedValue):
            name = _name(value.value)
            count = sum(one == name or re.fullmatch(rf"{name}\d+", one) is not None for one in used)
            used.append(name if not count else f"{name}{count + 1}")
            parts.append("{" + used[-1] + "}")
    return "".join(parts)


def _name(value: ast.expr) -> str:
    names = [node.attr if isinstance(node, ast.Attribute) else node.id for node in ast.walk(value)
             if isinstance(node, ast.Attribute | ast.Name)]  # fmt: skip
    plain = [name.strip("_").lower() for name in names if name not in dir(builtins)]
    return next((name for name in plain if name not in ("join", "repr", "str", "len")), "text")
