"""Spells out the OpenAPI body of an HTTP API as routes, integrations and authorizers."""

import hashlib
import json
from typing import Any

from local.deploy.transform import Template, resources_of

API = "AWS::ApiGatewayV2::Api"
ANY_METHOD = "x-amazon-apigateway-any-method"


def expand(template: Template) -> None:
    """The emulator creates an API from its `Body` without a single route: add each as a resource."""
    for name, api in resources_of(template, API).items():
        properties = api["Properties"]
        body = properties.pop("Body", None)
        if body is None:
            continue
        properties.setdefault("Name", {"Fn::Sub": "${AWS::StackName}"})
        properties.setdefault("ProtocolType", "HTTP")
        authorizers = body.get("components", {}).get("securitySchemes", {})
        for scheme, declared in authorizers.items():
            template["Resources"][_authorizer_id(name, scheme)] = _authorizer(name, scheme, declared)
        for path, methods in body["paths"].items():
            for method, operation in methods.items():
                template["Resources"] |= _route(name, path, method, operation)


def cross_origin(body: dict[str, Any]) -> dict[str, Any] | None:
    """The CORS configuration of an OpenAPI body in the form that the API's own call takes."""
    declared = body.get("x-amazon-apigateway-cors")
    return None if not declared else {key[0].upper() + key[1:]: value for key, value in declared.items()}


def _authorizer_id(api: str, scheme: str) -> str:
    return f"{api}Authorizer{''.join(filter(str.isalnum, scheme))}"


def _authorizer(api: str, scheme: str, declared: dict[str, Any]) -> dict[str, Any]:
    settings = declared["x-amazon-apigateway-authorizer"]
    token = settings["jwtConfiguration"]
    return {
        "Type": "AWS::ApiGatewayV2::Authorizer",
        "Properties": {
            "ApiId": {"Ref": api},
            "Name": scheme,
            "AuthorizerType": settings["type"].upper(),
            "IdentitySource": [settings["identitySource"]],
            "JwtConfiguration": {"Issuer": token["issuer"], "Audience": token["audience"]},
        },
    }


def _route(api: str, path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    integration = operation["x-amazon-apigateway-integration"]
    verb = "ANY" if method == ANY_METHOD else method.upper()
    key = "$default" if path == "/$default" else f"{verb} {path}"
    mark = hashlib.sha256(key.encode()).hexdigest()[:10]
    target = f"{api}Integration{_mark(integration)}"
    route: dict[str, Any] = {
        "ApiId": {"Ref": api},
        "RouteKey": key,
        "Target": {"Fn::Sub": f"integrations/${{{target}}}"},
    }
    for requirement in operation.get("security", []):
        for scheme, scopes in requirement.items():
            route["AuthorizationType"] = "JWT"
            route["AuthorizerId"] = {"Ref": _authorizer_id(api, scheme)}
            route["AuthorizationScopes"] = scopes
    return {
        target: {
            "Type": "AWS::ApiGatewayV2::Integration",
            "Properties": {
                "ApiId": {"Ref": api},
                "IntegrationType": integration["type"].upper(),
                "IntegrationUri": integration["uri"],
                "IntegrationMethod": integration.get("httpMethod", "POST"),
                "PayloadFormatVersion": integration.get("payloadFormatVersion", "2.0"),
                "TimeoutInMillis": integration.get("timeoutInMillis", 30000),
            },
        },
        f"{api}Route{mark}": {"Type": "AWS::ApiGatewayV2::Route", "Properties": route},
    }


def _mark(integration: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(integration, sort_keys=True).encode()).hexdigest()[:10]
