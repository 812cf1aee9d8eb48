"""Makes each Python function run AWS's own runtime client directly on its build folder."""

import hashlib
import io
import shlex
import zipfile
from pathlib import Path
from typing import Any

from local.deploy.transform import Template, resources_of

FUNCTION = "AWS::Lambda::Function"
LAYER = "AWS::Lambda::LayerVersion"
# What the translator appends to the name of a layer: ten hexadecimal digits.
SAM_HASH = "0123456789"
# Written at a fixed time, so that the same start script is the same package.
EPOCH = (2026, 1, 1, 0, 0, 0)
# The emulator's own settings, which a function on AWS does not see.
HIDDEN = (
    "BIND_HOST GATEWAY_PORT MINISTACK_HOST MINISTACK_REGION MINISTACK_ACCOUNT_ID IOT_MTLS_ENABLED "
    "SFTP_ENABLED PERSIST_STATE STATE_DIR S3_PERSIST S3_DATA_DIR SMTP_HOST AUTH LOG_LEVEL COMANDA_WARM"
)


def bootstrap(interpreter: Path, code: Path, layers: list[Path], handler: str) -> str:
    """The start script of one function; the paths make code live at once, without packing it."""
    search = ":".join(str(layer / "python") for layer in layers)
    return "\n".join(
        [
            "#!/bin/sh",
            f"unset {HIDDEN}",
            f"export LAMBDA_TASK_ROOT={shlex.quote(str(code))} PYTHONPATH={shlex.quote(search)}",
            'cd "$LAMBDA_TASK_ROOT" || exit 1',
            f"exec {shlex.quote(str(interpreter))} -m awslambdaric {shlex.quote(handler)}",
            "",
        ]
    )


def package(script: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        entry = zipfile.ZipInfo("bootstrap", EPOCH)
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, script)
    return held.getvalue()


def point_at_build(template: Template, interpreter: Path, build: Path, bucket: str) -> dict[str, bytes]:
    """Rewrite functions and layers in place; answers the small packages to store, by key."""
    packages: dict[str, bytes] = {}
    for name, function in resources_of(template, FUNCTION).items():
        properties = function["Properties"]
        if not str(properties.get("Runtime", "")).startswith("python"):
            continue
        layers = [build / layer for layer in _layers_of(properties)]
        packed = package(bootstrap(interpreter, build / name, layers, properties["Handler"]))
        properties["Runtime"] = "provided.al2023"
        properties["Code"] = _store(packages, bucket, name, packed)
    for name, layer in resources_of(template, LAYER).items():
        # The code comes by PYTHONPATH; the layer itself only has to exist for those who refer to it.
        layer["Properties"]["Content"] = _store(packages, bucket, name, package(""))
    return packages


def _layers_of(function: dict[str, Any]) -> list[str]:
    """The folders of a function's layers; a later layer overrides an earlier one, as under /opt."""
    names = [layer["Ref"] for layer in function.get("Layers", [])]
    return [name[: -len(SAM_HASH)] for name in reversed(names)]


def _store(packages: dict[str, bytes], bucket: str, name: str, packed: bytes) -> dict[str, Any]:
    key = f"{name}-{hashlib.sha256(packed).hexdigest()[:16]}.zip"
    packages[key] = packed
    return {"S3Bucket": bucket, "S3Key": key}
