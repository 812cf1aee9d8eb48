"""How the Stripe peer treats requests: keys, idempotency, parameters, pages, connections, trouble."""

import base64
import json
import threading

import pytest
import stripe
from stripe import StripeClient

from local.peers.stripe.form import FormError, as_array, decode
from tests.peers.provider import API_KEY, BEARER, PUBLISHABLE_KEY, Peers, Wire

pytestmark = pytest.mark.enable_socket


def intents(client: StripeClient) -> int:
    return len(client.v1.payment_intents.list({"limit": 100}).data)


def test_bracketed_forms() -> None:
    text = "amount=5&metadata[12]=a%20b&metadata[x]=&expand[]=one&expand[]=two&a[b][c]=1&list[1]=z&list[0]=y"
    form = decode(text)
    assert form == {
        "amount": "5", "metadata": {"12": "a b", "x": ""}, "expand": {"0": "one", "1": "two"},
        "a": {"b": {"c": "1"}}, "list": {"1": "z", "0": "y"},
    }  # fmt: skip
    assert as_array(form["expand"]) == ["one", "two"]
    assert as_array(form["list"]) == ["y", "z"]
    assert as_array(form["amount"]) == ["5"]
    for broken in ("a=1&a[b]=2", "a[b]=2&a=1", "a[=1", "[a]=1", "a[b]c=1"):
        with pytest.raises(FormError):
            decode(broken)
    with pytest.raises(FormError):
        as_array({"x": "1"})


def test_only_the_right_key_is_let_in(wire: Wire, client: StripeClient) -> None:
    form = {"amount": "5000", "currency": "mxn"}
    basic = {"Authorization": "Basic " + base64.b64encode(f"{API_KEY}:".encode()).decode()}
    wrong = {"Authorization": f"Bearer {API_KEY}x"}
    public = {"Authorization": f"Bearer {PUBLISHABLE_KEY}"}
    for headers in ({}, wrong, public, {"Authorization": "Basic !!"}):
        status, _, body = wire.call("POST", "/v1/payment_intents", form, headers)
        assert status == 401
        assert json.loads(body)["error"]["type"] == "invalid_request_error"
        assert API_KEY.encode() not in body
    assert intents(client) == 0
    assert wire.call("POST", "/v1/payment_intents", form, basic)[0] == 200
    assert intents(client) == 1


def test_one_connection_serves_many_requests(wire: Wire) -> None:
    assert wire.call("GET", "/v1/payment_intents")[0] == 200
    socket = wire.connection.sock
    assert socket is not None
    assert wire.call("POST", "/v1/payment_intents", {"amount": "x", "currency": "mxn"})[0] == 400
    assert wire.call("GET", "/v1/nothing")[0] == 404
    status, headers, body = wire.call("GET", "/v1/charges")
    assert (status, headers["Content-Length"]) == (200, str(len(body)))
    assert headers["Request-Id"].startswith("req_")
    assert wire.connection.sock is socket


@pytest.mark.parametrize(
    ("form", "param", "code"),
    [
        ({"currency": "mxn"}, "amount", "parameter_missing"),
        ({"amount": "5000"}, "currency", "parameter_missing"),
        ({"amount": "12.5", "currency": "mxn"}, "amount", "parameter_invalid_integer"),
        ({"amount": "0", "currency": "mxn"}, "amount", "parameter_invalid_integer"),
        ({"amount": "999", "currency": "mxn"}, "amount", "amount_too_small"),
        ({"amount": "100000000", "currency": "mxn"}, "amount", "amount_too_large"),
        ({"amount": "5000", "currency": "pesos"}, "currency", None),
        ({"amount": "5000", "currency": "mxn", "colour": "red"}, "colour", "parameter_unknown"),
        ({"amount": "5000", "currency": "mxn", "capture_method": "later"}, "capture_method", None),
        ({"amount": "5000", "currency": "mxn", "metadata[k]": "x" * 501}, "metadata[k]", None),
        ({"amount": "5000", "currency": "mxn", "expand[]": "shop"}, "expand", None),
        (
            {"amount": "5000", "currency": "mxn", "payment_method_data[card][number]": "4242424242424242"},
            "payment_method_data", "parameter_unknown",
        ),
    ],
)  # fmt: skip
def test_bad_parameters_are_refused_and_make_nothing(
    wire: Wire, client: StripeClient, form: dict[str, str], param: str, code: str | None
) -> None:
    status, _, body = wire.call("POST", "/v1/payment_intents", form)
    error = json.loads(body)["error"]
    assert (status, error["type"], error["param"], error.get("code")) == (
        400, "invalid_request_error", param, code,
    )  # fmt: skip
    assert intents(client) == 0
    assert client.v1.events.list().data == []


def test_unknown_payment_methods_and_objects(client: StripeClient) -> None:
    intent = client.v1.payment_intents.create({"amount": 5_000, "currency": "mxn"})
    with pytest.raises(stripe.InvalidRequestError) as unknown:
        client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_unheard_of"})
    assert (unknown.value.http_status, unknown.value.code) == (404, "resource_missing")
    with pytest.raises(stripe.InvalidRequestError) as absent:
        client.v1.charges.retrieve("ch_absent")
    assert (absent.value.http_status, absent.value.param) == (404, "charge")


def test_the_same_key_gets_the_same_answer(wire: Wire, client: StripeClient) -> None:
    form = {"amount": "5000", "currency": "mxn", "confirm": "true", "payment_method": "pm_card_visa"}
    keyed = {**BEARER, "Idempotency-Key": "OUT#1"}
    first = wire.call("POST", "/v1/payment_intents", form, keyed)
    second = wire.call("POST", "/v1/payment_intents", form, keyed)
    assert (first[0], first[1]["Idempotent-Replayed"]) == (200, None)
    assert (second[0], second[1]["Idempotent-Replayed"]) == (200, "true")
    assert second[2] == first[2]
    assert second[1]["Original-Request"] == first[1]["Request-Id"] != second[1]["Request-Id"]
    assert intents(client) == 1
    assert len(client.v1.charges.list().data) == 1

    for path, other in (("/v1/payment_intents", {**form, "amount": "5001"}), ("/v1/refunds", form)):
        status, _, body = wire.call("POST", path, other, keyed)
        assert (status, json.loads(body)["error"]["type"]) == (400, "idempotency_error")
    assert intents(client) == 1


def test_a_decline_is_replayed_too_but_a_bad_request_is_not(wire: Wire, client: StripeClient) -> None:
    form = {
        "amount": "5000",
        "currency": "mxn",
        "confirm": "true",
        "payment_method": "pm_card_chargeDeclined",
    }
    keyed = {**BEARER, "Idempotency-Key": "OUT#2"}
    answers = [wire.call("POST", "/v1/payment_intents", form, keyed) for _ in range(2)]
    assert [answer[0] for answer in answers] == [402, 402]
    assert answers[0][2] == answers[1][2]
    assert intents(client) == 1

    keyed = {**BEARER, "Idempotency-Key": "OUT#3"}
    assert wire.call("POST", "/v1/payment_intents", {**form, "amount": "x"}, keyed)[0] == 400
    assert wire.call("POST", "/v1/payment_intents", form, keyed)[0] == 402
    assert intents(client) == 2


def test_the_same_key_at_the_same_time_is_a_conflict(peers: Peers, client: StripeClient) -> None:
    peers.control("POST", "/stripe/trouble", {"count": 1, "seconds": 0.5})
    form = {"amount": "5000", "currency": "mxn"}
    keyed = {**BEARER, "Idempotency-Key": "OUT#4"}
    statuses: list[int] = []

    def call() -> None:
        with Wire(peers.stripe_url) as wire:
            statuses.append(wire.call("POST", "/v1/payment_intents", form, keyed)[0])

    callers = [threading.Thread(target=call) for _ in range(4)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert sorted(statuses) == [200, 409, 409, 409]
    assert intents(client) == 1


def test_an_answer_lost_on_the_way_is_found_again_by_its_key(peers: Peers, client: StripeClient) -> None:
    peers.control("POST", "/stripe/trouble", {"count": 1, "lost_answer": True})
    with pytest.raises(stripe.APIConnectionError):
        client.v1.payment_intents.create({"amount": 5_000, "currency": "mxn"}, {"idempotency_key": "OUT#5"})
    made = client.v1.payment_intents.list().data
    again = client.v1.payment_intents.create(
        {"amount": 5_000, "currency": "mxn"}, {"idempotency_key": "OUT#5"}
    )
    assert [intent.id for intent in made] == [again.id]
    assert intents(client) == 1


def test_a_provider_that_is_down_does_nothing(peers: Peers, client: StripeClient) -> None:
    peers.control("POST", "/stripe/trouble", {"count": 1, "status": 503, "path": "/v1/payment_intents"})
    with pytest.raises(stripe.APIError) as down:
        client.v1.payment_intents.create({"amount": 5_000, "currency": "mxn"})
    assert down.value.http_status == 503
    assert intents(client) == 0
    assert (
        peers.client(retries=1).v1.payment_intents.create({"amount": 5_000, "currency": "mxn"}).amount
        == 5_000
    )


def test_lists_come_in_pages(wire: Wire, client: StripeClient) -> None:
    made = [client.v1.payment_intents.create({"amount": 1_000 + n, "currency": "mxn"}).id for n in range(5)]
    newest_first = made[::-1]
    page = client.v1.payment_intents.list({"limit": 2})
    assert ([each.id for each in page.data], page.has_more) == (newest_first[:2], True)
    assert [each.id for each in page.auto_paging_iter()] == newest_first
    before = client.v1.payment_intents.list({"limit": 2, "ending_before": newest_first[3]})
    assert ([each.id for each in before.data], before.has_more) == (newest_first[1:3], True)
    created = page.data[0].created
    assert client.v1.payment_intents.list({"created": {"gt": created + 5}}).data == []
    assert len(client.v1.payment_intents.list({"created": {"gte": created - 60, "lte": created}}).data) == 5
    raw = json.loads(wire.call("GET", "/v1/payment_intents?limit=1")[2])
    assert (raw["object"], raw["has_more"], raw["url"]) == ("list", True, "/v1/payment_intents")
    for query in ("limit=0", "limit=101", "starting_after=pi_absent", "created[about]=1", "shop=1"):
        assert wire.call("GET", f"/v1/payment_intents?{query}")[0] in (400, 404)


def test_a_page_from_another_origin_may_call(wire: Wire) -> None:
    status, headers, _ = wire.call("OPTIONS", "/v1/payment_intents/pi_1/confirm", headers={})
    assert (status, headers["Access-Control-Allow-Origin"]) == (204, "*")
    assert "POST" in headers["Access-Control-Allow-Methods"]
