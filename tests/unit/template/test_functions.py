"""Functions: one folder, one module, one log, the routes that the contract names."""

from typing import Any

import pytest

from tests.unit.template.described import FUNCTIONS, GLOBALS, ROOT, TEMPLATE, folder, of_kind, timeout

ROUTES = {
    ("GET", "/products"): "storefront",
    ("ANY", "/checkout/{proxy+}"): "storefront",
    ("ANY", "/carts"): "storefront",
    ("ANY", "/carts/{proxy+}"): "storefront",
    ("POST", "/orders"): "place_order",
    ("ANY", "/orders/{order_id}"): "customer_order",
    ("ANY", "/orders/{order_id}/{proxy+}"): "customer_order",
    ("GET", "/customer"): "customer_order",
    ("GET", "/customer/orders"): "customer_order",
    ("ANY", "/verify-email"): "verify_email",
    ("ANY", "/approve-order"): "approve_order",
    ("ANY", "/accept-edit"): "accept_edit",
    ("ANY", "/quotes/accept"): "accept_quote",
    ("POST", "/webhooks/payments/{provider}"): "payment_webhook",
    ("POST", "/webhooks/carriers/{carrier}"): "carrier_webhook",
    ("ANY", "/admin/{proxy+}"): "staff_api",
    ("ANY", "/back-office"): "back_office",
    ("ANY", "/back-office/{proxy+}"): "back_office",
    ("ANY", "/picking"): "picker",
    ("ANY", "/picking/{proxy+}"): "picker",
}
OWN_REQUIREMENTS = {
    "ask_carrier",
    "back_office",
    "documents",
    "export_orders",
    "payment_webhook",
    "settle_label",
}
OWN_FOLDERS = {"documents": {"fonts"}}
GATEWAY_GIVES_UP_AFTER = 30


def http_events(function: str) -> list[dict[str, Any]]:
    events = FUNCTIONS[function].get("Events", {}).values()
    return [event["Properties"] for event in events if event["Type"] == "HttpApi"]


def test_every_folder_is_deployed_once() -> None:
    there = sorted(path.parent.name for path in (ROOT / "functions").glob("*/app.py"))
    assert sorted(map(folder, FUNCTIONS)) == there


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_logical_id_is_the_folder_in_pascal_case(name: str) -> None:
    assert name == "".join(part.capitalize() for part in folder(name).split("_")) + "Function"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_folder_holds_one_module(name: str) -> None:
    here = ROOT / "functions" / folder(name)
    allowed = {"app.py"} | ({"requirements.txt"} if folder(name) in OWN_REQUIREMENTS else set())
    allowed |= OWN_FOLDERS.get(folder(name), set())
    assert {path.name for path in here.iterdir() if path.name != "__pycache__"} == allowed


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_all_functions_share_is_said_once(name: str) -> None:
    assert (
        FUNCTIONS[name].keys().isdisjoint({"Runtime", "Handler", "Layers", "Architectures", "FunctionName"})
    )


def test_functions_share_one_handler_name_and_two_layers() -> None:
    assert (GLOBALS["Runtime"], GLOBALS["Handler"]) == ("python3.13", "app.lambda_handler")
    assert GLOBALS["Layers"] == [{"Ref": "DependencyLayer"}, {"Ref": "SharedLayer"}]


def test_routes_are_those_of_the_contract() -> None:
    found = {
        (event["Method"], event["Path"]): folder(name) for name in FUNCTIONS for event in http_events(name)
    }
    assert found == ROUTES


def test_only_staff_routes_ask_for_a_staff_token() -> None:
    guarded = {
        event["Path"]: event["Auth"] for name in FUNCTIONS for event in http_events(name) if "Auth" in event
    }
    assert guarded == {"/admin/{proxy+}": {"Authorizer": "StaffTokens"}}
    issued = TEMPLATE["Resources"]["HttpApi"]["Properties"]["Auth"]["Authorizers"]["StaffTokens"]
    assert issued["JwtConfiguration"]["audience"] == [{"Ref": "BackOfficeClient"}]


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if http_events(name)])
def test_http_functions_answer_before_the_gateway_gives_up(name: str) -> None:
    assert timeout(name) < GATEWAY_GIVES_UP_AFTER


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_has_its_own_log_with_retention(name: str) -> None:
    group = FUNCTIONS[name]["LoggingConfig"]["LogGroup"]["Ref"]
    assert group == name.removesuffix("Function") + "Logs"
    assert of_kind("AWS::Logs::LogGroup")[group]["RetentionInDays"] == {"Ref": "LogRetentionDays"}
    assert GLOBALS["LoggingConfig"] == {"LogFormat": "JSON"}


def test_no_log_is_kept_for_ever() -> None:
    for name, group in of_kind("AWS::Logs::LogGroup").items():
        assert group["RetentionInDays"] == {"Ref": "LogRetentionDays"}, name


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_alias_moves_when_a_layer_changes(name: str) -> None:
    """SAM publishes no new version for a changed layer: an alias without a code hash stays on old code."""
    properties = {**GLOBALS, **FUNCTIONS[name]}
    assert ("AutoPublishAlias" in properties) <= ("AutoPublishCodeSha256" in properties)
