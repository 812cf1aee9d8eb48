"""`make down`: stop everything of one home; its state stays."""

import sys

from local import running
from local.console import Failure, report, say, step
from local.home import Home, home_from_environment
from local.processes import is_running
from local.up import alone


def down(home: Home) -> bool:
    """Answers whether anything was running."""
    with alone(home):
        left = [name for name, process in running.services(home).items() if is_running(process)]
        if running.launcher(home) is None and not left:
            running.stop_everything(home)
            return False
        with step("Stopping, and writing the state"):
            stubborn = running.stop_everything(home)
            if stubborn:
                raise Failure(f"{', '.join(stubborn)} would not stop", home.logs / f"{stubborn[0]}.log")
    return True


def main() -> None:
    try:
        if not down(home_from_environment()):
            say("  Nothing is running.")
    except Failure as failure:
        report(failure)
        sys.exit(1)


if __name__ == "__main__":
    main()
