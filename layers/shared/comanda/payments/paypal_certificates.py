"""The certificates that PayPal signs webhooks with: from its own address only, up to a root that we trust.

The library for certificates is loaded here and nowhere else.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from comanda.errors import BadSignature, ProviderUnavailable
from comanda.payments.paypal_client import PayPalClient
from comanda.payments.stage import PAYPAL_DOMAIN, PAYPAL_LIVE

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.x509 import Certificate

FOLDER = "/v1/notifications/certs/"
LIVE_NAME = "messageverificationcerts.paypal.com"
SANDBOX_NAME = "messageverificationcerts.sandbox.paypal.com"
# Who signs PayPal's certificates, also after October 2024 (Sylius/PayPalPlugin#300). With another authority
# we ask PayPal itself until this line is changed.
AUTHORITY = "DigiCert"
BEGIN, END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
MOST_KEPT = 8
MOST_BYTES = 64 * 1024


class NoCertificate(Exception):
    """It cannot be had, or its chain does not lead to a root that we trust."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A signer's key, good until `until`."""

    key: "RSAPublicKey"
    until: datetime

    def fits(self, signature: bytes, signed: bytes) -> bool:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        try:
            self.key.verify(signature, signed, PKCS1v15(), SHA256())
        except InvalidSignature:
            return False
        return True


class Certificates:
    """Keys by the address of their certificate; a few are kept, each until it ends."""

    def __init__(self, client: PayPalClient) -> None:
        self.client = client
        self._kept: dict[str, PublicKey] = {}

    def check_place(self, url: str) -> None:
        """PayPal's certificates lie at its own https addresses, or where its API was configured to be.
        Raises BadSignature; nothing is asked of any other host."""
        try:
            place, base = urlsplit(url), urlsplit(self.client.api_base())
            host, _ = place.hostname or "", place.port
        except ValueError as error:
            raise BadSignature("the certificate's address cannot be read") from error
        if (base.hostname or "").endswith(PAYPAL_DOMAIN):
            ours = place.scheme == "https" and place.netloc == host and host.endswith(PAYPAL_DOMAIN)
        else:
            ours = (place.scheme, place.netloc) == (base.scheme, base.netloc)
        if not ours or not place.path.startswith(FOLDER) or place.query or place.fragment:
            raise BadSignature("the certificate is not one of PayPal's")

    def public_key(self, url: str, now: datetime) -> PublicKey:
        """The key of the certificate at `url`. Raises NoCertificate."""
        kept = self._kept.get(url)
        if kept is None or kept.until <= now:
            kept = self._loaded(url, now)
            while len(self._kept) >= MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[url] = kept
        return kept

    def _loaded(self, url: str, now: datetime) -> PublicKey:
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
        from cryptography.x509 import load_pem_x509_certificates

        try:
            leaf, *others = load_pem_x509_certificates(self.client.download(url, MOST_BYTES))
        except (ProviderUnavailable, ValueError) as error:
            raise NoCertificate(str(error)) from error
        self._check_chain(leaf, others, now)
        key = leaf.public_key()
        if not isinstance(key, RSAPublicKey):
            raise NoCertificate("the certificate has no RSA key")
        return PublicKey(key, leaf.not_valid_after_utc)

    def _check_chain(self, leaf: "Certificate", others: list["Certificate"], now: datetime) -> None:
        """As a browser checks a server of that name, at that time."""
        from cryptography.x509 import DNSName
        from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

        live = urlsplit(self.client.api_base()).hostname in PAYPAL_LIVE
        name = DNSName(LIVE_NAME if live else SANDBOX_NAME)
        verifier = PolicyBuilder().store(Store(self._roots())).time(now).build_server_verifier(name)
        try:
            verifier.verify(leaf, others)
        except (VerificationError, ValueError) as error:
            raise NoCertificate("the certificate's chain leads to no root that we trust") from error

    def _roots(self) -> list["Certificate"]:
        """The one that the secret names, or those of PayPal's certificate authority."""
        from cryptography.x509 import load_pem_x509_certificates

        own = str(self.client.secret_of().get("webhook_ca") or "")
        return load_pem_x509_certificates((own or _authority()).encode())


def _authority() -> str:
    """PayPal's authority among the roots that web browsers trust, found by the comment above each."""
    from pathlib import Path

    import certifi

    bundle = Path(certifi.where()).read_text(encoding="utf-8")
    blocks = [block for block in bundle.split(END) if f"O={AUTHORITY}" in block.partition(BEGIN)[0]]
    return "".join(BEGIN + block.partition(BEGIN)[2] + END + "\n" for block in blocks)
