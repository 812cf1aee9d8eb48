"""The peer's own chain of certificates: a root, and under it the one that webhooks are signed with."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SIGNER = "messageverificationcerts.sandbox.paypal.com"
YEARS = timedelta(days=365)
USES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chain:
    """`leaf` is what the certificate's address answers; `root` is for those who trust it; both are PEM."""

    root: bytes
    leaf: bytes
    key: RSAPrivateKey


def chain(folder: Path) -> Chain:
    """The chain kept in this folder, made at the first start."""
    files = {name: folder / f"{name}.pem" for name in ("root", "leaf", "key")}
    if not all(file.exists() for file in files.values()):
        folder.mkdir(parents=True, exist_ok=True)
        root, leaf, key = make()
        files["key"].touch(mode=0o600)
        for name, content in (("root", root), ("leaf", leaf), ("key", key)):
            files[name].write_bytes(content)
    kept = serialization.load_pem_private_key(files["key"].read_bytes(), None)
    if not isinstance(kept, RSAPrivateKey):
        raise TypeError(f"{files['key']} is no RSA key")
    return Chain(files["root"].read_bytes(), files["leaf"].read_bytes(), kept)


def make(signer: str = SIGNER, since: datetime | None = None) -> tuple[bytes, bytes, bytes]:
    """A fresh root, a signer's certificate under it, and the signer's key."""
    begin = since or datetime.now(UTC) - timedelta(days=1)
    root_key, key = generate_private_key(65537, 2048), generate_private_key(65537, 2048)
    root_name = _name("Local peers' root")
    root = _certificate(root_name, root_name, root_key, begin, 20)
    root = root.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    root = root.add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
    leaf = _certificate(_name(signer), root_name, key, begin, 10)
    leaf = leaf.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    leaf = leaf.add_extension(_usage("digital_signature", "key_encipherment"), critical=True)
    leaf = leaf.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    leaf = leaf.add_extension(x509.SubjectAlternativeName([x509.DNSName(signer)]), critical=False)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    leaf = leaf.add_extension(issuer, critical=False)
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    signed = [one.sign(root_key, SHA256()).public_bytes(pem) for one in (root, leaf)]
    return signed[0], signed[1], plain


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: RSAPrivateKey, begin: datetime, years: int
) -> x509.CertificateBuilder:
    made = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(begin).not_valid_after(begin + years * YEARS)
    return made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _usage(*wanted: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: name in wanted for name in USES})
