"""How the embedded AWS is started, asked whether it is ready, and addressed."""

import os
import time
import urllib.error
import urllib.request

from local.home import ACCOUNT, REGION, REPOSITORY, TOOLS, Home
from local.ports import HOST

PYTHON = TOOLS / "ministack" / "bin" / "python"
# The way of an order up to its first mails: these are started before anybody waits for them.
WARM = (
    "Storefront",
    "PlaceOrder",
    "WakeAndPublish",
    "SendMail",
    "StartLifecycle",
    "OrderSteps",
    "VerifyEmail",
    "ProjectSearch",
)
# What a process needs of its surroundings; the rest stays out of the functions' environment.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "SSL_CERT_FILE", "SSL_CERT_DIR")


def command() -> list[str]:
    return [str(PYTHON), "-P", "-m", "local.emulator.start"]


def environment(home: Home, port: int, smtp_port: int, *, enforce_roles: bool) -> dict[str, str]:
    surroundings = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return surroundings | {
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": HOST,
        "MINISTACK_REGION": REGION,
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "AWS_ENDPOINT_URL": f"http://{HOST}:{port}",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(home.state / "aws"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(home.state / "s3"),
        "TMPDIR": str(home.temporary),
        "SMTP_HOST": f"{HOST}:{smtp_port}",
        "AUTH": "true" if enforce_roles else "false",
        "LOG_LEVEL": "INFO",
        "COMANDA_WARM": ",".join(WARM),
        "PYTHONPATH": str(REPOSITORY),  # for the cures; functions get a path of their own
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/_ministack/ready", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def wait_ready(port: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not is_ready(port):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
