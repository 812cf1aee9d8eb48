"""Write schemas/openapi.yaml from the handlers themselves; `--check` compares instead."""

import argparse
import importlib
import json
import sys
from pathlib import Path
from typing import Any

import yaml

from local.openapi_headers import headers_of

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "schemas" / "openapi.yaml"
HTTP = (
    "storefront",
    "place_order",
    "customer_order",
    "verify_email",
    "approve_order",
    "accept_edit",
    "accept_quote",
    "payment_webhook",
    "carrier_webhook",
    "staff_api",
    "picker",
)
PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `type` is stable; see docs/problems.md.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}
ANSWERS = {
    "default": {
        "description": "A problem document",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}


def whole() -> dict[str, Any]:
    """The OpenAPI document of all HTTP functions together."""
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {"Problem": PROBLEM}
    for name in HTTP:
        document = _of(name)
        for path, operations in document["paths"].items():
            paths.setdefault(path, {}).update(_tidy(path, operations, name))
        schemas |= document.get("components", {}).get("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Comanda", "version": "1", "description": "Order management for merchants."},
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _of(function: str) -> dict[str, Any]:
    app = importlib.import_module(f"functions.{function}.app").app
    document: dict[str, Any] = json.loads(app.get_openapi_json_schema(title="Comanda", version="1"))
    return document


def _tidy(path: str, operations: dict[str, Any], function: str) -> dict[str, Any]:
    """What Powertools assumes of errors is not what we answer: problems, on any status."""
    for method, operation in operations.items():
        operation["operationId"] = f"{function}_{operation['operationId']}"
        operation["tags"] = [function]
        answers = {code: answer for code, answer in operation["responses"].items() if code.startswith("2")}
        operation["responses"] = answers | ANSWERS
        operation["parameters"] = operation.get("parameters", []) + headers_of(method, path)
        if function == "staff_api":
            operation["security"] = [{"bearer": []}]
        operations[method] = operation
    return operations


def text() -> str:
    head = "# Written by `make schemas` from the handlers. Do not edit.\n"
    return head + yaml.safe_dump(whole(), sort_keys=False, allow_unicode=True, width=110)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    if not parser.parse_args().check:
        TARGET.write_text(text())
        return 0
    if TARGET.read_text() != text():
        print("schemas/openapi.yaml is not what the handlers say: run `make schemas`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
