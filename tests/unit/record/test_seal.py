"""The seal: made at each level, judged, and broken in every way we could think of."""

import dataclasses
import datetime
import io
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from consent.record.certificates import SealError, read_seal
from consent.record.judging import SealReport, judge_seal
from consent.record.seal import Level, StampService, seal
from tests.stamping import Stamper
from tests.unit.record.reading import needs_poppler
from tests.unit.record.sealing import DAY, NOW, certificate_pem, key_pem, site_seal, small_file

SITE = site_seal()
PDF = small_file()
SEALED = seal(PDF, site_seal=SITE, at=NOW)


@pytest.fixture(scope="module")
def stamper(tmp_path_factory) -> Stamper:
    return Stamper.made_in(tmp_path_factory.mktemp("stamper"))


@pytest.fixture(scope="module")
def service(stamper: Stamper) -> StampService:
    own, root = (x509.load_pem_x509_certificate(stamper.pem(name)) for name in ("authority", "root"))
    return StampService(ask=stamper.stamp, certificate=own, above=(root,))


@pytest.fixture(scope="module")
def lasting(service: StampService) -> bytes:
    sealed = seal(PDF, site_seal=SITE, at=later(), stamps=service)
    assert (sealed.level, sealed.not_stamped) == (Level.LTA, "")
    return sealed.pdf


def later() -> datetime.datetime:
    """The stamp authority was made a moment after the tests began."""
    return NOW + DAY / 24


def pdfsig(pdf: bytes, folder: Path) -> str:
    place = folder / "paper.pdf"
    place.write_bytes(pdf)
    done = subprocess.run(["pdfsig", str(place)], capture_output=True, check=False)
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def judged(pdf: bytes, *roots: x509.Certificate) -> SealReport:
    return judge_seal(pdf, trusted_roots=roots or (SITE.root,), at=NOW + DAY)


def test_a_sealed_file_is_sound_and_says_by_whom_and_when() -> None:
    report = judged(SEALED.pdf)
    assert report.is_sound, report.findings
    assert "Demonstration only" in report.sealed_by
    assert "Riverside Women’s Clinic" in report.sealed_by
    assert report.sealed_at == NOW.replace(microsecond=0)
    assert (report.stamped_at, report.is_lasting, SEALED.level) == (None, False, Level.B)
    assert SEALED.pdf.startswith(PDF)


@needs_poppler
def test_poppler_says_the_same(tmp_path: Path) -> None:
    told = pdfsig(SEALED.pdf, tmp_path)
    for line in (
        "Signature Field Name: Seal", "Signing Hash Algorithm: SHA-256", "Signature Type: ETSI.CAdES.detached",
        "Total document signed", "Signature Validation: Signature is Valid.",
    ):  # fmt: skip
        assert line in told, told


def test_it_allows_no_change_names_no_person_and_stays_pdf_1_7() -> None:
    with pikepdf.open(io.BytesIO(SEALED.pdf)) as pdf:
        value = pdf.Root.AcroForm.Fields[0].V
        assert value.Reference[0].TransformParams.P == 1
        assert pdf.Root.Perms.DocMDP.objgen == value.objgen
        assert str(value.Reason) == "Issued by the clinic. A seal, not a signature."
        assert {"/Name", "/Location", "/ContactInfo"}.isdisjoint(value.keys())
        assert "/Version" not in pdf.Root
        assert str(pdf.docinfo["/CreationDate"]) == "D:20260304120500Z"
        assert "/ModDate" not in pdf.docinfo
        assert b"pyHanko" not in pdf.Root.Metadata.read_bytes()
        assert list(pdf.Root.Extensions.keys()) == ["/ESIC"]
        assert bytes(pdf.attachments["record.json"].get_file().read_bytes()) == b"{}"


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")
@pytest.mark.parametrize("is_lasting", [False, True])
def test_qpdf_finds_no_fault(is_lasting: bool, lasting: bytes, tmp_path: Path) -> None:
    place = tmp_path / "paper.pdf"
    place.write_bytes(lasting if is_lasting else SEALED.pdf)
    done = subprocess.run(["qpdf", "--check", str(place)], capture_output=True, text=True, check=True)
    assert "No syntax or stream encoding errors found" in done.stdout


@pytest.mark.parametrize("key", [rsa.generate_private_key(65537, 4096), ec.generate_private_key(ec.SECP521R1())])
def test_a_seal_by_a_large_key_finds_room(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> None:
    large = read_seal(key_pem(key), certificate_pem(key))
    sealed = seal(PDF, site_seal=large, at=NOW)
    assert judged(sealed.pdf, large.root).is_sound


def test_a_stranger_does_not_trust_it() -> None:
    assert judged(SEALED.pdf, site_seal().root).findings == (
        "The certificate of the seal is not under a trusted root, was revoked, or was not valid then.",
    )


def test_it_is_judged_as_of_its_time_and_never_before_it() -> None:
    assert judge_seal(SEALED.pdf, trusted_roots=[SITE.root], at=NOW + 4000 * DAY).is_sound
    assert not judge_seal(SEALED.pdf, trusted_roots=[SITE.root], at=NOW - DAY).is_sound


def test_an_expired_certificate_seals_nothing() -> None:
    with pytest.raises(SealError, match="expired"):
        seal(PDF, site_seal=SITE, at=NOW + 731 * DAY)


def test_a_file_without_a_seal_and_no_file_at_all() -> None:
    for pdf in (PDF, b"", b"%PDF-1.7\n", b"\0" * 5000, SEALED.pdf[:-1], SEALED.pdf[: len(PDF)]):
        assert not judged(pdf).is_sound


def _flipped(pdf: bytes, offsets: Iterator[int], roots: tuple[x509.Certificate, ...]) -> list[int]:
    unnoticed = []
    draw = random.Random(20260304)  # noqa: S311  a repeatable choice of bits
    for offset in offsets:
        changed = bytearray(pdf)
        changed[offset] ^= 1 << draw.randrange(8)
        if judged(bytes(changed), *roots).is_sound:
            unnoticed.append(offset)
    return unnoticed


def test_one_flipped_bit_is_noticed_wherever_it_is() -> None:
    offsets = random.Random(7).sample(range(len(SEALED.pdf)), 150)  # noqa: S311  a repeatable choice of places
    assert _flipped(SEALED.pdf, iter(offsets), (SITE.root,)) == []


def test_also_in_the_container_of_the_signature_which_no_digest_covers() -> None:
    start = SEALED.pdf.index(b"/Contents <")
    assert _flipped(SEALED.pdf, iter(range(start, start + 180)), (SITE.root,)) == []


@needs_poppler
def test_poppler_notices_a_flipped_bit_too(tmp_path: Path) -> None:
    start, end = SEALED.pdf.index(b"/Contents <"), SEALED.pdf.index(b"/ByteRange")
    places = [place for place in range(len(SEALED.pdf)) if not start <= place < end]
    for offset in random.Random(9).sample(places, 30):  # noqa: S311  a repeatable choice of places
        changed = bytearray(SEALED.pdf)
        changed[offset] ^= 1
        told = pdfsig(bytes(changed), tmp_path)
        assert not ("Signature is Valid" in told and "Total document signed" in told), offset


def test_nothing_can_be_added_behind_it() -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(SEALED.pdf))
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    assert not judged(out.getvalue()).is_sound
    assert not judged(SEALED.pdf + b"\n").is_sound
    assert not judged(SEALED.pdf + b"%%EOF\n").is_sound


def test_written_anew_it_is_sealed_no_more() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(SEALED.pdf)) as pdf:
        pdf.save(out)
    assert not judged(out.getvalue()).is_sound


def test_with_an_authority_it_lasts(lasting: bytes, service: StampService) -> None:
    report = judged(lasting, SITE.root, service.root)
    assert report.is_sound, report.findings
    assert report.is_lasting
    assert report.stamped_at is not None
    with pikepdf.open(io.BytesIO(lasting)) as pdf:
        assert [str(field.T) for field in pdf.Root.AcroForm.Fields] == ["Seal", "Stamp"]
        assert len(pdf.Root.DSS.CRLs) == 1
        assert len(pdf.Root.DSS.Certs) == 2


def test_a_lasting_one_notices_a_flipped_bit_and_an_unknown_authority(lasting: bytes, service: StampService) -> None:
    offsets = random.Random(8).sample(range(len(lasting)), 40)  # noqa: S311  a repeatable choice of places
    assert _flipped(lasting, iter(offsets), (SITE.root, service.root)) == []
    assert not judged(lasting, SITE.root).is_sound


def test_cut_back_to_its_first_seal_it_is_a_seal_without_the_stamp_that_lasts(
    lasting: bytes, service: StampService
) -> None:
    first = lasting[: lasting.index(b"%%EOF", lasting.index(b"/ByteRange")) + 6]
    report = judged(first, SITE.root, service.root)
    assert (report.is_sound, report.is_lasting) == (True, False)


def test_without_a_list_of_revoked_ones_it_is_stamped_once(service: StampService) -> None:
    sealed = seal(PDF, site_seal=dataclasses.replace(SITE, lists=()), at=later(), stamps=service)
    assert (sealed.level, sealed.not_stamped) == (Level.T, "")
    report = judged(sealed.pdf, SITE.root, service.root)
    assert report.is_sound, report.findings
    assert (report.stamped_at is not None, report.is_lasting) == (True, False)


def _silent(query: bytes) -> bytes:
    raise ConnectionRefusedError("nobody answers")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (_silent, "not stamped, because nobody answers"),
        (lambda query: b"", "not stamped, because the authority's answer cannot be used"),
        (lambda query: b"<html>busy</html>", "not stamped, because the authority's answer cannot be used"),
        (lambda query: query, "not stamped, because the authority's answer cannot be used"),
    ],
    ids=["silent", "empty", "page", "echo"],
)
def test_when_the_authority_is_down_the_file_is_sealed_all_the_same(answer, reason: str, service) -> None:
    sealed = seal(PDF, site_seal=SITE, at=later(), stamps=dataclasses.replace(service, ask=answer))
    assert sealed.level is Level.B
    assert sealed.not_stamped.startswith(reason)
    assert judged(sealed.pdf).is_sound


def test_an_impostor_and_an_old_answer_are_not_believed(stamper: Stamper, service: StampService) -> None:
    impostor = dataclasses.replace(service, ask=lambda query: stamper.stamp(query, by="impostor"))
    sealed = seal(PDF, site_seal=SITE, at=later(), stamps=impostor)
    assert sealed.not_stamped == "not stamped, because the stamp was not made by the pinned authority"
    kept: list[bytes] = []

    def old(query: bytes) -> bytes:
        kept.append(stamper.stamp(query))
        return kept[0]

    sealed = seal(PDF, site_seal=SITE, at=later(), stamps=dataclasses.replace(service, ask=old))
    assert (sealed.level, bool(sealed.not_stamped)) == (Level.B, True)
