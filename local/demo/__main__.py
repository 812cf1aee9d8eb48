"""`make demo`: drives one order through the running system and says what it saw."""

import sys
import time

from local.demo.outside import Missed, read_stack, stack_file
from local.demo.printing import Narrator
from local.demo.scene import Scene
from local.demo.story import play


def main() -> int:
    tell = Narrator()
    begun = time.monotonic()
    try:
        file = stack_file()
        stack = read_stack(file)
        tell.line(f"One order through Comanda at {stack['api_url']}")
        scene = Scene(stack, file.parent, tell)
        play(scene)
    except Missed as missed:
        tell.missed(missed)
        return 1
    except KeyboardInterrupt:
        return 130
    tell.heading(f"{scene.number} is delivered, exported and closed after {time.monotonic() - begun:.0f} s")
    for name, where in (
        ("The order's page", scene.tracking_url),
        ("Its mails", stack["mailbox_url"]),
        ("The merchant's inbox", stack["sftp"]["inbox"]),
        ("What staff see", f"{stack['api_url']}/admin/orders/{scene.order_id}, with `make token`"),
    ):
        tell.line(f"  {name:<22}{where}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
