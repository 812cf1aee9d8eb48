"""Rewrites references that the emulator resolves to something else than CloudFormation does."""

from typing import Any

from local.deploy.transform import Template, resources_of

SECRET = "AWS::SecretsManager::Secret"


def ask_for_secret_arns(template: Template) -> None:
    """`Ref` of a secret is its ARN; the emulator gives its name, to which no permission fits."""
    secrets = set(resources_of(template, SECRET))
    for part in ("Resources", "Outputs"):
        template[part] = _rewritten(template.get(part, {}), secrets)


def _rewritten(value: Any, secrets: set[str]) -> Any:
    if isinstance(value, list):
        return [_rewritten(item, secrets) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"Ref"} and value["Ref"] in secrets:
        return {"Fn::GetAtt": [value["Ref"], "Id"]}
    return {key: _rewritten(item, secrets) for key, item in value.items()}
