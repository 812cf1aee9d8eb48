"""`make token ROLE=…`: prints a bearer token for the staff API, and nothing else."""

import sys
from functools import partial

from local import stackfile
from local.aws import client
from local.console import say
from local.credentials import ROLES
from local.deploy.fill import access_token
from local.home import home_from_environment


def main() -> None:
    role = sys.argv[1] if len(sys.argv) > 1 else ""
    home = home_from_environment()
    if role not in ROLES:
        sys.exit(f"ROLE is one of {', '.join(ROLES)}: make token ROLE=staff")
    if not home.stack_file.exists():
        sys.exit("nothing is running; `make up` starts it")
    description = stackfile.read(home)
    clients = partial(client, endpoint=description["aws_endpoint_url"])
    person = description["users"][role]
    client_id = description["cognito"]["client_id"]
    say(access_token(clients, client_id, person["username"], person["password"]))


if __name__ == "__main__":
    main()
