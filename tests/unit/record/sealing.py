"""Seals for the tests: a demonstration certificate, other certificates with one fault each, a finished file."""

import datetime
import io

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from consent.record.attachments import record_json
from consent.record.certificates import SealFiles, SiteSeal, demonstration_files, read_seal
from consent.record.finish import finish

NOW = datetime.datetime.now(datetime.UTC)  # noqa: TID251 the stamps of openssl carry the real time
KEYS = ec.generate_private_key(ec.SECP256R1())
DAY = datetime.timedelta(days=1)


def files(at: datetime.datetime = NOW) -> SealFiles:
    return demonstration_files("Riverside Women’s Clinic", at=at)


def site_seal(at: datetime.datetime = NOW) -> SiteSeal:
    made = files(at)
    return read_seal(made.key, made.chain, lists=made.lists)


def small_file() -> bytes:
    """One empty page, finished as every paper is: small, so that each of its bytes can be tried."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Title"] = "Paper"
        pdf.docinfo["/CreationDate"] = "D:20260304120500Z"
        pdf.save(out)
    return finish(out.getvalue(), language="en", attachments=[record_json(b"{}")])


def key_pem(key: ec.EllipticCurvePrivateKey, passphrase: bytes = b"") -> bytes:
    how = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)


def certificate_pem(
    key: ec.EllipticCurvePrivateKey, *, is_authority: bool = False, signs: bool = True, purpose: str = ""
) -> bytes:
    """A certificate that signs itself, with what it is for."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test")])
    usage = x509.KeyUsage(
        digital_signature=signs, content_commitment=False, key_encipherment=not signs, data_encipherment=False,
        key_agreement=False, key_cert_sign=is_authority, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + 700 * DAY)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
    )
    if purpose:
        oid = getattr(ExtendedKeyUsageOID, purpose)
        builder = builder.add_extension(x509.ExtendedKeyUsage([oid]), critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
