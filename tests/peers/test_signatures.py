"""Signatures against vectors that the providers publish in their own client libraries' tests."""

from local.peers import easypost
from local.peers.mercadopago import signature as mercadopago
from local.peers.stripe import signature

# stripe/stripe-dotnet: src/StripeTests/Resources/event_test_signature.json, signed in
# src/StripeTests/Services/Events/EventUtilityTest.cs with the secret "webhook_secret".
STRIPE_BODY = b"""{
  "id": "evt_123",
  "object": "event",
  "account": "acct_123",
  "api_version": "2017-05-25",
  "created": 1533204620,
  "data": {
    "object": {
      "id": "cus_123",
      "object": "customer",
      "created": 123456789,
      "email": "test@stripe.com",
      "livemode": false,
      "metadata": {}
    }
  },
  "livemode": false,
  "pending_webhooks": 1,
  "request": {
    "id": "req_123",
    "idempotency_key": "idempotency-key-123"
  },
  "type": "customer.created"
}
"""

# EasyPost/easypost-go: Fixture.EventBody; the signature is in the webhook tests of
# EasyPost/easypost-go, -python and -node, with the secret "sécret" (which NFKD takes apart).
EASYPOST_BODY = (
    b'{"result":{"id":"batch_123...","object":"Batch","mode":"test","state":"created","num_shipments":0,'
    b'"reference":null,"created_at":"2022-07-26T17:22:32Z","updated_at":"2022-07-26T17:22:32Z",'
    b'"scan_form":null,"shipments":[],"status":{"created":0,"queued_for_purchase":0,"creation_failed":0,'
    b'"postage_purchased":0,"postage_purchase_failed":0},"pickup":null,"label_url":null},'
    b'"description":"batch.created","mode":"test","previous_attributes":null,"completed_urls":null,'
    b'"user_id":"user_123...","status":"pending","object":"Event","id":"evt_123..."}'
)


def test_stripe() -> None:
    headers = signature.headers(STRIPE_BODY, "webhook_secret", 1533204620)
    assert headers["Stripe-Signature"] == (
        "t=1533204620,v1=2220f87ef101a04665f11cdf770523143f875572008577fa0f20882ddb9cc3c7"
    )


def test_easypost() -> None:
    expected = "hmac-sha256-hex=e93977c8ccb20363d51a62b3fe1fc402b7829be1152da9e88cf9e8d07115a46b"
    for secret in ("s\u00e9cret", "se\u0301cret"):  # composed and decomposed
        assert easypost.headers(EASYPOST_BODY, secret, 1533204620)["X-Hmac-Signature"] == expected


def test_mercadopago() -> None:
    """mercadopago/sdk-python names secret, request, id and time in tests/test_webhook_signature_validator.py;
    the digest is that of `openssl dgst -sha256 -hmac` over the documented manifest."""
    request = "2066ca19-c6f1-498a-be75-1923005edd06"
    digest = "633f91233312dd391ec75fa0bea539cfc2d6c4918873305b84a96cc1c58db71c"
    data_id = "ord01jq4s4ky8hwq6na5pxb65b3d3"
    assert mercadopago.signed(data_id, request, "1742505638683", "your_secret_key_here") == digest
    body = b'{"id": 1, "type": "payment", "data": {"id": "17014025134"}}'
    assert (
        mercadopago.address("http://shop/w?a=1", body) == "http://shop/w?a=1&data.id=17014025134&type=payment"
    )
