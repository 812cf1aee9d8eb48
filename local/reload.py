"""`make reload`: make changed functions, layers, template and workflow live in the running system."""

import sys
import time

from local import running, system
from local.console import Failure, report, say
from local.home import Home, home_from_environment
from local.up import alone, refresh


def reload(home: Home) -> list[str]:
    """Answers what was built anew."""
    with alone(home):
        if running.launcher(home) is None:
            raise Failure("nothing is running; `make up` starts it")
        return refresh(home, system.kept_addresses(home))


def main() -> None:
    started = time.monotonic()
    try:
        changed = reload(home_from_environment())
    except Failure as failure:
        report(failure)
        sys.exit(1)
    say(f"  {', '.join(changed) or 'Nothing changed'}: live after {time.monotonic() - started:.1f} s")


if __name__ == "__main__":
    main()
