"""Lints what CloudFormation really gets, the transformed template: the plain lint passes circles."""

import json
import sys
from pathlib import Path

from cfnlint.api import lint

from local.deploy.transform import read, to_cloudformation
from local.home import REGION

# The translator puts the values of parameters in, after which they look unused.
RESOLVED_PARAMETERS = "W2001"


def findings(path: Path) -> list[str]:
    """What cfn-lint has against the transformed template, circular references included; none is clean."""
    transformed = to_cloudformation(read(path), path.resolve().parent, {})
    found = lint(json.dumps(transformed), regions=[REGION])
    return [
        f"{match.rule.id} {'/'.join(map(str, match.path or []))}: {match.message}"
        for match in found
        if match.rule.id != RESOLVED_PARAMETERS
    ]


def main() -> None:
    path = Path(sys.argv[1] if len(sys.argv) > 1 else "template.yaml")
    found = findings(path)
    print("\n".join(found) or f"{path}: clean after the transform")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
