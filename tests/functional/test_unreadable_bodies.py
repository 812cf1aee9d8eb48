"""Bodies that no route can read are the caller's mistake, not ours."""

import pytest

from tests.functional.conftest import Call

ROUTES = [("place_order", "/orders"), ("storefront", "/carts"), ("verify_email", "/verify-email")]


@pytest.mark.parametrize(("function", "path"), ROUTES)
@pytest.mark.parametrize(
    "content_type", ["multipart/form-data", "Multipart/Form-Data; boundary=x", "text/csv", "application/xml"]
)
def test_another_content_type_is_malformed(call: Call, function: str, path: str, content_type: str) -> None:
    headers = {"content-type": content_type, "idempotency-key": "key-1"}
    answer = call(function, "POST", path, "--x--", headers=headers)
    assert (answer.status, answer.body["type"]) == (400, "malformed")
