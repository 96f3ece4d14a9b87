"""The site's certificate: made, read, and refused with one sentence where it cannot be used."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from consent.record.certificates import SealError, check_time, demonstration_files, read_seal
from tests.unit.record.sealing import DAY, NOW, certificate_pem, files, key_pem, site_seal

KEY = ec.generate_private_key(ec.SECP256R1())


def test_a_demonstration_certificate_says_what_it_is() -> None:
    seal = site_seal()
    assert seal.is_demonstration
    assert seal.name == "O=Riverside Women’s Clinic,CN=Demonstration only"
    assert seal.root.subject.rfc4514_string() == "CN=Demonstration only\\, not a real authority"
    assert len(seal.lists) == 1
    assert 729 * DAY < seal.valid_until - NOW < 731 * DAY
    check_time(seal, at=NOW)


def test_no_two_are_alike_and_the_key_of_the_authority_is_nowhere() -> None:
    one, other = files(), files()
    assert one.key != other.key
    assert one.key.count(b"PRIVATE KEY") == 2
    assert b"PRIVATE" not in one.chain + one.lists


@pytest.mark.parametrize("name", ["字" * 200, " ", "a,b=c;d+e"])
def test_any_name_of_a_clinic_will_do(name: str) -> None:
    made = demonstration_files(name, at=NOW)
    assert read_seal(made.key, made.chain, lists=made.lists).is_demonstration


def test_it_is_refused_before_and_after_its_time() -> None:
    with pytest.raises(SealError, match=r"expired on .*; import a new one"):
        check_time(site_seal(), at=NOW + 731 * DAY)
    with pytest.raises(SealError, match=r"not valid before .*; wait, or look at the clock"):
        check_time(site_seal(), at=NOW - DAY)


def test_a_key_that_does_not_belong_to_it() -> None:
    with pytest.raises(SealError, match="key does not belong to the certificate"):
        read_seal(files().key, files().chain)


@pytest.mark.parametrize(
    "wrong",
    [
        certificate_pem(KEY, is_authority=True),
        certificate_pem(KEY, signs=False),
        certificate_pem(KEY, purpose="SERVER_AUTH"),
    ],
    ids=["authority", "encipherment", "web server"],
)
def test_a_certificate_for_something_else(wrong: bytes) -> None:
    with pytest.raises(SealError, match="not for signing documents"):
        read_seal(key_pem(KEY), wrong)


@pytest.mark.parametrize("purpose", ["", "EMAIL_PROTECTION", "ANY_EXTENDED_KEY_USAGE"])
def test_a_certificate_for_documents_will_do(purpose: str) -> None:
    seal = read_seal(key_pem(KEY), certificate_pem(KEY, purpose=purpose))
    assert seal.root is seal.certificate
    assert not seal.is_demonstration


@pytest.mark.parametrize(
    "pem", [b"", b"nothing", files().chain[:300], files().key], ids=["empty", "word", "cut", "key"]
)
def test_certificates_that_cannot_be_read(pem: bytes) -> None:
    with pytest.raises(SealError, match="certificates of the seal cannot be read"):
        read_seal(files().key, pem)


@pytest.mark.parametrize(
    "pem", [b"", b"nothing", files().key[:100], files().chain], ids=["empty", "word", "cut", "chain"]
)
def test_a_key_that_cannot_be_read(pem: bytes) -> None:
    with pytest.raises(SealError, match="key of the seal cannot be read"):
        read_seal(pem, files().chain)


def test_a_list_that_cannot_be_read_or_is_by_a_stranger() -> None:
    made = files()
    with pytest.raises(SealError, match="list of revoked certificates cannot be read"):
        read_seal(made.key, made.chain, lists=b"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n")
    with pytest.raises(SealError, match="do not follow from each other"):
        read_seal(made.key, made.chain, lists=files().lists)


def test_certificates_that_do_not_follow_from_each_other() -> None:
    made, other = files(), files()
    own = made.chain.split(b"-----END CERTIFICATE-----\n")[0] + b"-----END CERTIFICATE-----\n"
    root = other.chain.split(b"-----END CERTIFICATE-----\n")[1] + b"-----END CERTIFICATE-----\n"
    with pytest.raises(SealError, match="do not follow from each other"):
        read_seal(made.key, own + root)


def test_an_encrypted_key_needs_its_passphrase() -> None:
    locked, certificate = key_pem(KEY, b"a long passphrase"), certificate_pem(KEY)
    assert read_seal(locked, certificate, passphrase="a long passphrase").key.public_key() == KEY.public_key()
    with pytest.raises(SealError, match="is encrypted; give its passphrase in SEAL_PASSPHRASE"):
        read_seal(locked, certificate)
    with pytest.raises(SealError, match="does not open with SEAL_PASSPHRASE"):
        read_seal(locked, certificate, passphrase="another")


@pytest.mark.parametrize(
    "weak",
    [
        rsa.generate_private_key(public_exponent=65537, key_size=1024),  # noqa: S505  the fault itself
        ec.generate_private_key(ec.SECP192R1()),
        ed25519.Ed25519PrivateKey.generate(),
    ],
    ids=["short", "small curve", "rare"],
)
def test_a_weak_or_rare_key(weak: object) -> None:
    pem = weak.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())  # type: ignore[attr-defined]
    with pytest.raises(SealError, match="too weak or of a rare kind"):
        read_seal(pem, files().chain)
