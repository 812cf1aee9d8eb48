"""Turns the SAM template into CloudFormation with AWS's own translator."""

import copy
import json
from pathlib import Path
from typing import Any

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

from local.home import REGION

type Template = dict[str, Any]
# The translator only accepts addresses in S3; the local deployer replaces them afterwards.
PLACE = "s3://built/"


def read(path: Path) -> Template:
    template: Template = yaml_parse(path.read_text())
    return template


def resources_of(template: Template, kind: str) -> dict[str, Any]:
    return {name: r for name, r in template["Resources"].items() if r["Type"] == kind}


def known_parameters(template: Template, values: dict[str, str]) -> dict[str, str]:
    """Of the values at hand those that the template declares, all others keep their defaults."""
    return {name: value for name, value in values.items() if name in template.get("Parameters", {})}


def to_cloudformation(template: Template, folder: Path, parameters: dict[str, str]) -> Template:
    """Translate a copy of the template; `folder` is where its relative addresses start."""
    source = copy.deepcopy(template)
    for resource in source["Resources"].values():
        _locate(resource, folder)
    defaults = {
        name: parameter["Default"]
        for name, parameter in source.get("Parameters", {}).items()
        if "Default" in parameter
    }
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name=REGION))
    translated: Template = translator.translate(source, defaults | parameters)
    translated.pop("Transform", None)
    return translated


def _locate(resource: dict[str, Any], folder: Path) -> None:
    properties = resource.get("Properties") or {}
    if resource.get("Type") == "AWS::Serverless::Function":
        properties["CodeUri"] = PLACE + "function"
    if resource.get("Type") == "AWS::Serverless::LayerVersion":
        properties["ContentUri"] = PLACE + "layer"
    if resource.get("Type") == "AWS::Serverless::StateMachine" and "DefinitionUri" in properties:
        properties["Definition"] = json.loads((folder / properties.pop("DefinitionUri")).read_text())
