"""Works out what references of the template stand for in the deployed stack."""

import re
from typing import Any

from local.deploy.stack import Stack
from local.deploy.transform import Template
from local.home import ACCOUNT, REGION

# How the ARN of a resource is made of its physical id.
ARNS = {
    "AWS::DynamoDB::Table": "arn:aws:dynamodb:{region}:{account}:table/{id}",
    "AWS::Events::EventBus": "arn:aws:events:{region}:{account}:event-bus/{id}",
    "AWS::IAM::Role": "arn:aws:iam::{account}:role/{id}",
    "AWS::Lambda::Function": "arn:aws:lambda:{region}:{account}:function:{id}",
    "AWS::S3::Bucket": "arn:aws:s3:::{id}",
    "AWS::SQS::Queue": "arn:aws:sqs:{region}:{account}:{name}",
}


class Unresolved(Exception):
    """A reference that cannot be worked out here; whoever compares then looks at less."""


class Resolver:
    """Resolves `Ref`, `Fn::GetAtt … Arn` and `Fn::Sub` against one deployed stack."""

    def __init__(self, template: Template, stack: Stack, parameters: dict[str, str]) -> None:
        self._template = template
        self._stack = stack
        defaults = {n: p["Default"] for n, p in template.get("Parameters", {}).items() if "Default" in p}
        self._known = (
            defaults
            | parameters
            | {
                "AWS::Region": REGION,
                "AWS::AccountId": ACCOUNT,
                "AWS::StackName": stack.name,
                "AWS::Partition": "aws",
                "AWS::URLSuffix": "amazonaws.com",
            }
        )

    def value(self, expression: Any) -> Any:
        if isinstance(expression, list):
            return [self.value(item) for item in expression]
        if not isinstance(expression, dict):
            return expression
        if expression.keys() == {"Ref"}:
            return self._reference(expression["Ref"])
        if expression.keys() == {"Fn::GetAtt"}:
            name, attribute = expression["Fn::GetAtt"]
            return self._attribute(name, attribute)
        if expression.keys() == {"Fn::Sub"} and isinstance(expression["Fn::Sub"], str):
            return re.sub(r"\$\{([^!}]+)\}", lambda found: str(self._named(found[1])), expression["Fn::Sub"])
        if any(key.startswith("Fn::") for key in expression):
            raise Unresolved(str(expression))
        return {key: self.value(item) for key, item in expression.items()}

    def _named(self, name: str) -> Any:
        resource, dot, attribute = name.partition(".")
        return self._attribute(resource, attribute) if dot else self._reference(name)

    def _reference(self, name: str) -> Any:
        if name in self._known:
            return self._known[name]
        if name in self._stack.physical:
            return self._stack.physical[name]
        raise Unresolved(name)

    def _attribute(self, name: str, attribute: str) -> str:
        kind = self._template["Resources"][name]["Type"]
        if attribute != "Arn" or kind not in ARNS:
            raise Unresolved(f"{name}.{attribute}")
        identity = self._stack.physical[name]
        return ARNS[kind].format(
            region=REGION, account=ACCOUNT, id=identity, name=identity.rsplit("/", 1)[-1]
        )
