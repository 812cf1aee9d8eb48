"""`make token ROLE=…`: prints a bearer token for the staff API, and nothing else."""

import sys
from functools import partial

from local import stackfile
from local.aws import client
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
    sys.stdout.write(
        access_token(clients, description["cognito"]["client_id"], person["username"], person["password"]) + "\n"
    )


if __name__ == "__main__":
    main()
