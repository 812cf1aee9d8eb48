"""PayPal's signature: literal vectors, certificates that are refused, and what PayPal is asked about."""

import base64
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.errors import BadSignature, Malformed, ProviderUnavailable
from comanda.payments.paypal_certificates import _authority
from comanda.payments.paypal_event import parse_event
from comanda.payments.paypal_webhook import Verifier
from comanda.payments.provider import Event, ProviderRefused

# Made once with OpenSSL 3.0: a root, certificates under it ("leaf", "brief" for one day, "wrongname" for
# another host), a self-signed one ("other"), and `openssl dgst -sha256 -sign` of TOLD by each of their keys.
VECTORS = Path(__file__).parent / "paypal"
BODY = (VECTORS / "body.json").read_bytes()
WEBHOOK_ID = "1JE4291016473214C"
TOLD = b"69cd13f0-d67a-11e5-baa3-778b53f4ae55|2026-11-22T12:00:01Z|1JE4291016473214C|13131645"
NOW = datetime(2026, 11, 22, 12, 0, 3, tzinfo=UTC)
BASE = "https://api-m.sandbox.paypal.com"
CERT_URL = "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-vector01"


@dataclass
class Client:
    """PayPal as the verifier sees it: a file to download, and an opinion."""

    certificate: str = "leaf"
    opinion: str | None = None  # None: PayPal cannot be asked
    base: str = BASE
    root: str = "root"
    downloads: list[str] = field(default_factory=list)
    asked: list[bytes] = field(default_factory=list)

    def api_base(self) -> str:
        return self.base

    def secret_of(self) -> dict[str, Any]:
        return {"webhook_ca": (VECTORS / "root.pem").read_text()} if self.root else {}

    def download(self, url: str, most_bytes: int) -> bytes:
        self.downloads.append(url)
        if not self.certificate:
            raise ProviderUnavailable("not there")
        return (VECTORS / f"{self.certificate}.pem").read_bytes()

    def call(self, method: str, path: str, body: bytes, key: str = "") -> dict[str, Any]:
        self.asked.append(body)
        if self.opinion is None:
            raise ProviderUnavailable("down")
        if not self.opinion:
            raise ProviderRefused("VALIDATION_ERROR")
        return {"verification_status": self.opinion}


def headers(signer: str = "leaf", **changes: str) -> dict[str, str]:
    told = {
        "paypal-transmission-id": "69cd13f0-d67a-11e5-baa3-778b53f4ae55",
        "paypal-transmission-time": "2026-11-22T12:00:01Z",
        "paypal-transmission-sig": (VECTORS / f"{signer}.sig").read_text(),
        "paypal-cert-url": CERT_URL,
        "paypal-auth-algo": "SHA256withRSA",
    }
    return told | {f"paypal-{name.replace('_', '-')}": value for name, value in changes.items()}


def verify(
    client: Client,
    told: Mapping[str, str],
    raw: bytes = BODY,
    ids: tuple[str, ...] = (WEBHOOK_ID,),
    now: datetime = NOW,
) -> None:
    Verifier(client).verify(raw, told, ids, now)  # type: ignore[arg-type]


@pytest.mark.capability("C20")
def test_the_vector_fits_without_asking_anybody() -> None:
    client = Client()
    verify(client, headers())
    assert (client.downloads, client.asked) == ([CERT_URL], [])


def test_the_signed_text_is_that_of_the_vector() -> None:
    from comanda.payments.paypal_webhook import Transmission

    assert Transmission.of(headers()).signed(WEBHOOK_ID, BODY) == TOLD


def test_two_webhook_ids_are_active_while_one_is_replaced() -> None:
    verify(Client(), headers(), ids=("ANOTHER", WEBHOOK_ID))


def test_a_certificate_is_fetched_once_and_only_some_are_kept() -> None:
    client = Client()
    verifier = Verifier(client)  # type: ignore[arg-type]
    for _ in range(3):
        verifier.verify(BODY, headers(), (WEBHOOK_ID,), NOW)
    assert len(client.downloads) == 1
    for number in range(20):
        verifier.verify(BODY, headers(cert_url=f"{CERT_URL}-{number}"), (WEBHOOK_ID,), NOW)
    assert len(verifier.certificates._kept) == 8


@pytest.mark.parametrize(
    ("raw", "ids"),
    [
        (BODY + b" ", (WEBHOOK_ID,)),
        (BODY.replace(b"5O19", b"5O20"), (WEBHOOK_ID,)),
        (b"", (WEBHOOK_ID,)),
        (BODY, ("ANOTHER",)),
        (BODY, ()),
    ],
)
def test_another_body_or_webhook_or_none_is_refused_without_asking(raw: bytes, ids: tuple[str, ...]) -> None:
    client = Client(opinion="SUCCESS")
    with pytest.raises(BadSignature):
        verify(client, headers(), raw, ids)
    assert client.asked == []


@pytest.mark.parametrize(
    "changes",
    [
        {"transmission_id": "69cd13f0-d67a-11e5-baa3-778b53f4ae56"},
        {"transmission_id": ""},
        {"transmission_time": "2026-11-22T12:00:02Z"},
        {"transmission_time": "2026-11-22T12:00:01"},
        {"transmission_time": "yesterday"},
        {"transmission_sig": "AAAA"},
        {"transmission_sig": "not base64 at all!"},
        {"transmission_sig": "ñ"},
        {"transmission_sig": "A" * 501},
        {"auth_algo": "SHA1withRSA"},
        {"auth_algo": "none"},
    ],
)
def test_a_header_that_does_not_fit_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        verify(Client(opinion="SUCCESS"), headers(**changes))


@pytest.mark.parametrize(
    "url",
    [
        "http://api.sandbox.paypal.com/v1/notifications/certs/CERT-1",
        "https://api.paypal.com.example/v1/notifications/certs/CERT-1",
        "https://paypal.com@example.com/v1/notifications/certs/CERT-1",
        "https://evilpaypal.com/v1/notifications/certs/CERT-1",
        "https://user@api.paypal.com/v1/notifications/certs/CERT-1",
        "https://api.paypal.com:8443/v1/notifications/certs/CERT-1",
        "https://api.paypal.com/elsewhere/CERT-1",
        "https://api.paypal.com/v1/notifications/certs/CERT-1?to=https://example.com",
        "https://127.0.0.1/v1/notifications/certs/CERT-1",
        "https://api.paypal.com:notaport/v1/notifications/certs/CERT-1",
        "file:///etc/passwd",
        "CERT-1",
    ],
)
def test_a_certificate_from_elsewhere_is_refused_and_never_fetched(url: str) -> None:
    client = Client(opinion="SUCCESS")
    with pytest.raises(BadSignature):
        verify(client, headers(cert_url=url))
    assert (client.downloads, client.asked) == ([], [])


def test_the_authority_is_among_the_roots_that_browsers_trust() -> None:
    from cryptography.x509 import load_pem_x509_certificates

    roots = load_pem_x509_certificates(_authority().encode())
    assert "CN=DigiCert Global Root G2" in {root.subject.rfc4514_string().partition(",")[0] for root in roots}
    assert all("DigiCert" in root.subject.rfc4514_string() for root in roots)


def test_where_the_api_lies_elsewhere_so_do_its_certificates() -> None:
    """As on one machine: no other address counts then, not even PayPal's."""
    client = Client(base="http://127.0.0.1:8431")
    verify(client, headers(cert_url="http://127.0.0.1:8431/v1/notifications/certs/CERT-1"))
    for url in (CERT_URL, "http://127.0.0.1:8432/v1/notifications/certs/CERT-1"):
        with pytest.raises(BadSignature):
            verify(client, headers(cert_url=url))


@pytest.mark.parametrize(
    ("certificate", "root", "later"),
    [
        ("other", "root", 0),  # self-signed
        ("wrongname", "root", 0),
        ("brief", "root", 40),  # at its end
        ("leaf", "", 0),  # under a root that web browsers do not trust
        ("body", "root", 0),  # no certificate at all
    ],
)
@pytest.mark.parametrize("opinion", ["FAILURE", "", None])
def test_a_chain_that_leads_nowhere_is_good_for_nothing(
    certificate: str, root: str, later: int, opinion: str | None, tmp_path: Path
) -> None:
    """PayPal is asked then; what it does not confirm is refused, and nothing is let in while it is silent."""
    client = Client(certificate, opinion, root=root)
    if certificate == "body":
        client.download = lambda url, most_bytes: BODY  # type: ignore[method-assign]
    signer = "leaf" if certificate == "body" else certificate
    now = NOW + timedelta(hours=later)
    with pytest.raises(ProviderUnavailable if opinion is None else BadSignature):
        verify(client, headers(signer), now=now)
    assert len(client.asked) == 1


def test_paypal_is_asked_with_the_event_byte_for_byte() -> None:
    client = Client(certificate="", opinion="SUCCESS")
    verify(client, headers())
    [asked] = client.asked
    assert asked.endswith(b', "webhook_event": ' + BODY + b"}")
    assert WEBHOOK_ID.encode() in asked
    assert CERT_URL.encode() in asked


def test_paypal_is_not_asked_about_what_is_no_object() -> None:
    """A body with more than one value in it would change the question."""
    client = Client(certificate="", opinion="SUCCESS")
    for raw in (b'{}, "webhook_id": "x"', b"[]", b"\xff", b"{" * 100_000):
        with pytest.raises(BadSignature):
            verify(client, headers(), raw)
    assert client.asked == []


@pytest.mark.parametrize(("moved", "good"), [(-300, True), (-299, True), (-302, False), (73 * 3600, True)])
def test_a_repeated_delivery_may_be_days_old_but_not_of_tomorrow(moved: int, good: bool) -> None:
    now = datetime(2026, 11, 22, 12, 0, 1, tzinfo=UTC) + timedelta(seconds=moved)
    if good:
        verify(Client(), headers(), now=now)
        return
    with pytest.raises(BadSignature):
        verify(Client(), headers(), now=now)


def test_what_is_older_is_refused() -> None:
    with pytest.raises(BadSignature):
        verify(Client(), headers(), now=NOW + timedelta(days=3, hours=2))


CAPTURE_LINK = '"links": [{"rel": "up", "href": "https://api.paypal.com/v2/payments/captures/2GG2"}]'
RELATED = '"supplementary_data": {"related_ids": {"order_id": "5O19"}}'


@pytest.mark.parametrize(
    ("event_type", "thing", "ref"),
    [
        ("CHECKOUT.ORDER.APPROVED", '{"id": "5O19"}', "5O19"),
        ("PAYMENT.CAPTURE.COMPLETED", f'{{"id": "2GG2", {RELATED}}}', "5O19"),
        ("PAYMENT.CAPTURE.PENDING", '{"id": "2GG2"}', "capture/2GG2"),
        ("PAYMENT.CAPTURE.REFUNDED", f'{{"id": "1JU0", {CAPTURE_LINK}}}', "capture/2GG2"),
        ("PAYMENT.REFUND.FAILED", f'{{"id": "1JU0", {CAPTURE_LINK}}}', "capture/2GG2"),
        ("PAYMENT.REFUND.FAILED", '{"id": "1JU0"}', ""),
        ("PAYMENT.AUTHORIZATION.VOIDED", f'{{"id": "0VF5", {RELATED}}}', "5O19"),
        (
            "CUSTOMER.DISPUTE.CREATED",
            '{"dispute_id": "PP-D-1", "disputed_transactions": [{"seller_transaction_id": "2GG2"}]}',
            "capture/2GG2",
        ),
        ("CUSTOMER.DISPUTE.CREATED", '{"dispute_id": "PP-D-1", "disputed_transactions": []}', ""),
        ("INVOICING.INVOICE.PAID", '{"id": "INV2"}', ""),
        ("CHECKOUT.ORDER.APPROVED", '{"id": 7}', ""),
        ("CHECKOUT.ORDER.APPROVED", "null", ""),
        ("PAYMENT.CAPTURE.REFUNDED", '{"links": "none", "supplementary_data": 7}', ""),
    ],
)
def test_events_name_their_payment(event_type: str, thing: str, ref: str) -> None:
    raw = f'{{"id": "WH-1", "event_type": "{event_type}", "resource": {thing}}}'.encode()
    assert parse_event(raw) == Event("WH-1", event_type, ref, None)


def test_an_event_says_when() -> None:
    assert parse_event(BODY).told_at == datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"null", b"{}", b"{" * 100_000, b"\xff", b'{"id": 1, "event_type": 2}']
)
def test_what_is_no_event_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        parse_event(raw)


NAMES = st.sampled_from(["id", "event_type", "resource", "links"])


@given(
    st.binary()
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda c: st.lists(c) | st.dictionaries(NAMES, c),
    ).map(lambda value: json.dumps(value).encode())
)
def test_nonsense_is_malformed_and_nothing_worse(raw: bytes) -> None:
    with suppress(Malformed):
        parse_event(raw)


@given(st.binary(max_size=600).map(lambda raw: base64.b64encode(raw).decode()))
def test_no_made_up_signature_fits(signature: str) -> None:
    with pytest.raises(BadSignature):
        verify(Client(), headers(transmission_sig=signature))
