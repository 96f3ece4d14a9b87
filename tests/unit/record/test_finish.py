"""The finished file, read back with the tools of others: poppler, qpdf, pikepdf."""

import io
import re
import shutil
import subprocess

import pikepdf
import pytest

from consent.record.attachments import attached, proof_file, record_json
from consent.record.exceptions import RecordError
from consent.record.finish import finish
from consent.record.pdf import render_record
from tests.unit.record.reading import body, needs_poppler, run
from tests.unit.record.samples import chinese_record, english_record

DOCUMENT = '{"format":"freely-given/consent-record/v1","name":"欧阳喆媛"}'.encode()
PROOF = b"c2sp.org/tlog-proof@v1\nindex 3\n"
needs_qpdf = pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")


@pytest.fixture(scope="module")
def pages() -> bytes:
    return render_record(chinese_record())


@pytest.fixture(scope="module")
def finished(pages: bytes) -> bytes:
    return finish(pages, language="zh-Hans", attachments=[record_json(DOCUMENT), proof_file(PROOF)])


@needs_poppler
def test_what_a_reader_is_told_about_the_file(finished: bytes) -> None:
    about = run("pdfinfo", finished)
    for line in (
        r"Title:\s+您的同意记录 · 放置含铜宫内节育器", r"Author:\s+河边妇女诊所", r"Creator:\s+Freely Given",
        r"CreationDate:\s+Wed Mar  4 12:05:00 2026 UTC", r"PDF version:\s+1\.7", r"JavaScript:\s+no", r"Form:\s+none",
        r"Encrypted:\s+no", r"Metadata Stream:\s+yes",
    ):  # fmt: skip
        assert re.search(line, about), line
    assert "Subject:" not in about
    with pikepdf.open(io.BytesIO(finished)) as pdf:
        assert str(pdf.Root.Lang) == "zh-Hans"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle


@needs_poppler
def test_the_metadata_says_the_same_and_what_it_was_built_to(finished: bytes) -> None:
    told = run("pdfinfo", finished, "-meta")
    for words in (
        "您的同意记录 · 放置含铜宫内节育器", "河边妇女诊所", "<rdf:li>zh-Hans</rdf:li>", ">3</pdfaid:part>",
        ">B</pdfaid:conformance>", "2026-03-04T12:05:00Z",
    ):  # fmt: skip
        assert words in told
    assert "PDF/A" not in body(finished)


def test_the_files_inside_come_out_byte_for_byte_and_belong_to_the_document(finished: bytes) -> None:
    with pikepdf.open(io.BytesIO(finished)) as pdf:
        assert attached(pdf) == {"record.json": DOCUMENT, "proof.tlog-proof": PROOF}
        said = {str(spec.UF): (str(spec.AFRelationship), str(spec.EF.F.Subtype)) for spec in pdf.Root.AF}
    assert said == {"record.json": ("/Data", "/application/json"), "proof.tlog-proof": ("/Supplement", "/text/plain")}


@needs_poppler
def test_poppler_takes_the_files_out(finished: bytes, tmp_path) -> None:
    place = tmp_path / "paper.pdf"
    place.write_bytes(finished)
    subprocess.run(["pdfdetach", "-saveall", "-o", str(tmp_path), str(place)], check=True, capture_output=True)
    assert (tmp_path / "record.json").read_bytes() == DOCUMENT
    assert (tmp_path / "proof.tlog-proof").read_bytes() == PROOF


@needs_qpdf
def test_qpdf_finds_no_fault(finished: bytes, tmp_path) -> None:
    place = tmp_path / "paper.pdf"
    place.write_bytes(finished)
    done = subprocess.run(["qpdf", "--check", str(place)], capture_output=True, text=True, check=True)
    assert "No syntax or stream encoding errors found" in done.stdout
    assert done.stderr == ""


def test_the_same_pages_give_the_same_bytes(pages: bytes, finished: bytes) -> None:
    assert finish(pages, language="zh-Hans", attachments=[record_json(DOCUMENT), proof_file(PROOF)]) == finished


def test_it_stays_small(pages: bytes, finished: bytes) -> None:
    assert len(finished) < len(pages) + 20_000


def test_nothing_in_it_acts_by_itself(finished: bytes) -> None:
    active = {"/JS", "/JavaScript", "/AA", "/OpenAction", "/Launch", "/URI", "/SubmitForm", "/GoToR", "/RichMedia"}
    with pikepdf.open(io.BytesIO(finished)) as pdf:
        assert [key for thing in pdf.objects for key in _keys(thing) if key in active] == []
        assert str(pdf.Root.OutputIntents[0].S) == "/GTS_PDFA1"


def _keys(thing: pikepdf.Object) -> list[str]:
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return []
    names = [str(thing.get(key)) for key in ("/S", "/Subtype") if isinstance(thing.get(key), pikepdf.Name)]
    return [*thing.keys(), *names]


@pytest.mark.parametrize(("key", "field"), [("/Title", "labels.title"), ("/CreationDate", "issued_at")])
def test_pages_without_a_title_or_a_date_are_refused(key: str, field: str) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(render_record(english_record()))) as pdf:
        del pdf.docinfo[key]
        pdf.save(out)
    with pytest.raises(RecordError) as refusal:
        finish(out.getvalue(), language="en")
    assert refusal.value.field == field


def test_without_files_nothing_is_bound() -> None:
    with pikepdf.open(io.BytesIO(finish(render_record(english_record()), language="en"))) as pdf:
        assert "/AF" not in pdf.Root
        assert attached(pdf) == {}
