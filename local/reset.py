"""`make reset`: throw away orders, mails, files and the stack; ports, keys and passwords stay."""

import shutil
import sys

from local import running
from local.console import Failure, report, say, step
from local.down import down
from local.home import Home, home_from_environment


def reset(home: Home) -> None:
    down(home)
    with step("Deleting state, mails and files"):
        for folder in (home.state, home.mail, home.sftp, home.logs):
            shutil.rmtree(folder, ignore_errors=True)
        home.stack_file.unlink(missing_ok=True)


def main() -> None:
    home = home_from_environment()
    was_running = running.launcher(home) is not None
    try:
        reset(home)
    except Failure as failure:
        report(failure)
        sys.exit(1)
    say(f"  The next `make up` starts with an empty shop.{' It was stopped.' if was_running else ''}")


if __name__ == "__main__":
    main()
