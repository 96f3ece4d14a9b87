"""The certificate with which a site seals its papers: read, checked, and for a demonstration made.

A private key and the certificates above it, as PEM. What cannot be used is refused with one sentence that says what to
do. A demonstration certificate says in its own name that it proves nothing about who the clinic is.

>>> files = demonstration_files("Riverside", at=datetime.datetime(2026, 3, 4, tzinfo=datetime.UTC))
>>> read_seal(files.key, files.chain, lists=files.lists).is_demonstration
True
"""

import datetime
from dataclasses import dataclass
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from consent.record.exceptions import RecordError

DEMONSTRATION = "Demonstration only"
DEMONSTRATION_AUTHORITY = "Demonstration only, not a real authority"
DEMONSTRATION_DAYS = 730
SLACK = datetime.timedelta(hours=1)  # clocks differ
LONGEST_NAME = 64  # X.520, ub-common-name and ub-organization-name
WEAKEST_RSA = 2048  # bits
CURVES = ("secp256r1", "secp384r1", "secp521r1")
FOR_DOCUMENTS = frozenset(
    {
        "1.3.6.1.5.5.7.3.36",  # document signing, RFC 9336
        "1.2.840.113583.1.1.5",  # the same, by Adobe
        "1.3.6.1.4.1.311.10.3.12",  # the same, by Microsoft
        ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string,  # what many authorities give instead
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE.dotted_string,
    }
)
# What reading a damaged certificate may raise beside ValueError; they share no base of their own.
_DAMAGED = (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension)

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class SealError(RecordError):
    """The site's certificate cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealFiles:
    """What is kept of a certificate, each as PEM."""

    key: bytes
    chain: bytes
    lists: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSeal:
    """What a site seals with: its key, its certificate, those above it up to the root, and lists of revoked ones."""

    key: PrivateKey
    certificate: x509.Certificate
    above: tuple[x509.Certificate, ...] = ()
    lists: tuple[x509.CertificateRevocationList, ...] = ()

    @property
    def root(self) -> x509.Certificate:
        """The last certificate of the chain: who holds it can judge the seal."""
        return self.above[-1] if self.above else self.certificate

    @property
    def name(self) -> str:
        """Whose certificate it is."""
        return self.certificate.subject.rfc4514_string()

    @property
    def is_demonstration(self) -> bool:
        """Whether it was made for a demonstration."""
        return DEMONSTRATION in self.name

    @property
    def valid_until(self) -> datetime.datetime:
        """The last instant at which every certificate of the chain is valid."""
        return min(one.not_valid_after_utc for one in (self.certificate, *self.above))

    @property
    def valid_from(self) -> datetime.datetime:
        """The first instant at which every certificate of the chain is valid."""
        return max(one.not_valid_before_utc for one in (self.certificate, *self.above))


def read_seal(key: bytes, chain: bytes, *, lists: bytes = b"", passphrase: str = "") -> SiteSeal:
    """Read what a site seals with, and check that it fits together.

    **Takes** PEM: the private key; the site's own certificate first, then each one above it; lists of revoked
    certificates, or nothing.
    **Raises** SealError with a sentence of what to do. It does not ask what time it is: see `check_time`.
    """
    found = _certificates(chain)
    seal = SiteSeal(key=_key(key, passphrase), certificate=found[0], above=tuple(found[1:]), lists=tuple(_lists(lists)))
    _check_fits(seal)
    _check_for_signing(seal.certificate)
    _check_chain(seal)
    return seal


def check_time(seal: SiteSeal, *, at: datetime.datetime) -> None:
    """Refuse a certificate that is not valid at this time. **Raises** SealError."""
    if at > seal.valid_until:
        raise SealError(
            f"The certificate of the seal expired on {seal.valid_until:%Y-%m-%d}; import a new one with"
            " manage.py site_certificate."
        )
    if at < seal.valid_from:
        raise SealError(
            f"The certificate of the seal is not valid before {seal.valid_from:%Y-%m-%d}; wait, or look at the clock"
            " of this machine."
        )


def _key(pem: bytes, passphrase: str) -> PrivateKey:
    is_locked = b"ENCRYPTED" in pem
    if is_locked and not passphrase:
        raise SealError("The key of the seal is encrypted; give its passphrase in SEAL_PASSPHRASE.")
    try:
        key = serialization.load_pem_private_key(pem, passphrase.encode() if is_locked else None)
    except _DAMAGED as cause:
        words = "does not open with SEAL_PASSPHRASE" if is_locked else "cannot be read; it is kept as PEM"
        raise SealError(f"The key of the seal {words}.") from cause
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= WEAKEST_RSA:
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in CURVES:
        return key
    raise SealError("The key of the seal is too weak or of a rare kind; use P-256, or RSA of 2048 bits or more.")


def _certificates(pem: bytes) -> list[x509.Certificate]:
    try:
        found = x509.load_pem_x509_certificates(pem)
        for one in found:
            one.public_key()
            list(one.extensions)
    except _DAMAGED as cause:
        raise SealError(
            "The certificates of the seal cannot be read; they are kept as PEM, the site's own first."
        ) from (cause)
    return found


def _lists(pem: bytes) -> list[x509.CertificateRevocationList]:
    end = b"-----END X509 CRL-----"
    try:
        return [x509.load_pem_x509_crl(part + end) for part in pem.split(end)[:-1]]
    except _DAMAGED as cause:
        raise SealError("The list of revoked certificates cannot be read; it is kept as PEM.") from cause


def _check_fits(seal: SiteSeal) -> None:
    if seal.certificate.public_key() != seal.key.public_key():
        raise SealError("The key does not belong to the certificate; import the key with which it was asked for.")


def _check_for_signing(certificate: x509.Certificate) -> None:
    """Refuse what was made for something else, such as a web server or an authority (RFC 5280, 4.2.1)."""
    extensions = certificate.extensions
    try:
        is_authority = extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        is_authority = False
    try:
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
        may_sign = usage.digital_signature or usage.content_commitment
    except x509.ExtensionNotFound:
        may_sign = True
    try:
        purposes = {one.dotted_string for one in extensions.get_extension_for_class(x509.ExtendedKeyUsage).value}
    except x509.ExtensionNotFound:
        purposes = set(FOR_DOCUMENTS)
    if is_authority or not may_sign or not purposes & FOR_DOCUMENTS:
        raise SealError("The certificate is not for signing documents; ask for one that is (a certificate for seals).")


def _check_chain(seal: SiteSeal) -> None:
    chain = (seal.certificate, *seal.above)
    try:
        for lower, upper in pairwise(chain):
            lower.verify_directly_issued_by(upper)
        for one in seal.lists:
            if not any(one.is_signature_valid(upper.public_key()) for upper in seal.above):  # type: ignore[arg-type]
                raise InvalidSignature
    except (*_DAMAGED, InvalidSignature) as cause:
        raise SealError(
            "The certificates do not follow from each other; put the site's own first, then the one that signed it, and"
            " so on up to the root, and a list of revoked ones only by one of them."
        ) from cause


def demonstration_files(site_name: str, *, at: datetime.datetime) -> SealFiles:
    """A certificate for demonstrations, by an authority whose key is thrown away at once, with its empty list."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _name(DEMONSTRATION_AUTHORITY)
    root = _signed(_builder(authority, authority, authority_key, at=at), authority_key, authority_key, is_root=True)
    own = _signed(_builder(_name(DEMONSTRATION, site_name), authority, key, at=at), key, authority_key, is_root=False)
    revoked = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority)
        .last_update(at - SLACK)
        .next_update(at + datetime.timedelta(days=DEMONSTRATION_DAYS))
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(_issuer(authority_key), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    return SealFiles(
        key=key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        chain=own.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM),
        lists=revoked.public_bytes(Encoding.PEM),
    )


def _name(common: str, organisation: str = "") -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
    if organisation.strip():
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation.strip()[:LONGEST_NAME]))
    return x509.Name(parts)


def _issuer(key: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, *, at: datetime.datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - SLACK)
        .not_valid_after(at + datetime.timedelta(days=DEMONSTRATION_DAYS))
    )


def _signed(
    builder: x509.CertificateBuilder,
    key: ec.EllipticCurvePrivateKey,
    by: ec.EllipticCurvePrivateKey,
    *,
    is_root: bool,
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=not is_root,
        content_commitment=not is_root,
        key_cert_sign=is_root,
        crl_sign=is_root,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        builder.add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(own, critical=False)
        .add_extension(_issuer(by), critical=False)
        .sign(by, hashes.SHA256())
    )
