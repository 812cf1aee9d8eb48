"""`make logs`: what the functions wrote, newest last; NAME=place-order shows one function."""

import sys
import time
from functools import partial
from typing import Any

from local import stackfile
from local.aws import client
from local.console import say
from local.home import home_from_environment

SHOWN = 60
PLATFORM = ("START RequestId", "END RequestId", "REPORT RequestId")


def written(logs: Any, group: str) -> list[tuple[int, str, str]]:
    events = logs.filter_log_events(logGroupName=group)["events"]
    name = group.rsplit("/", 1)[-1]
    return [(e["timestamp"], name, e["message"]) for e in events if not e["message"].startswith(PLATFORM)]


def main() -> None:
    home = home_from_environment()
    if not home.stack_file.exists():
        sys.exit("nothing is running; `make up` starts it")
    description = stackfile.read(home)
    logs = partial(client, endpoint=description["aws_endpoint_url"])("logs")
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    groups = logs.describe_log_groups(logGroupNamePrefix=f"/{description['stack']['name']}/{wanted}")
    lines = sorted(line for group in groups["logGroups"] for line in written(logs, group["logGroupName"]))
    for at, name, message in lines[-SHOWN:]:
        say(f"{time.strftime('%H:%M:%S', time.localtime(at / 1000))}  {name:20}  {message}")


if __name__ == "__main__":
    main()
