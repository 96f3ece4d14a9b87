"""Scans: told by what is in them, read in any turn, and refused with a clear fault where they could do anything."""

import hashlib
import io
from collections.abc import Callable

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Encryption, Name, Pdf, String
from PIL import Image, PngImagePlugin

from consent.record.scan_safety import MOST_PAGES
from consent.record.scans import LARGEST_SCAN, TALLEST, WIDEST, ScanError, ScanFault, page_picture, read_scan
from tests import scanned

CODE = "FGA1 " + "0123456789abcdef" * 2
OTHER = "FGA1 " + "fedcba9876543210" * 2
KINDS = {"PDF": "application/pdf", "PNG": "image/png", "JPEG": "image/jpeg", "TIFF": "image/tiff"}

SMALL = {kind: scanned.file_of([scanned.page(CODE).resize((310, 438))], kind) for kind in KINDS}


def fault_of(content: bytes) -> ScanFault:
    with pytest.raises(ScanError) as refusal:
        read_scan(content)
    assert refusal.value.field == "file"
    return refusal.value.fault


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


# ---- what is read


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_file_is_told_by_its_content(kind: str) -> None:
    content = scanned.file_of([scanned.page(CODE, who="Ada")], kind)
    scan = read_scan(content)
    assert (scan.media_type, scan.pages, scan.codes) == (KINDS[kind], 1, (CODE,))
    assert scan.digest == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("turned", [90, 180, 270, 4, -7, 45])
def test_the_square_is_read_however_the_paper_lay(turned: float) -> None:
    assert read_scan(scanned.file_of([scanned.page(CODE, turned=turned)])).codes == (CODE,)


@pytest.mark.parametrize("kind", ["PDF", "TIFF"])
def test_every_page_is_looked_at_and_each_square_named_once(kind: str) -> None:
    pages = [scanned.page(""), scanned.page(CODE), scanned.page(CODE, turned=180), scanned.page(OTHER)]
    scan = read_scan(scanned.file_of(pages, kind))
    assert (scan.pages, scan.codes) == (4, (CODE, OTHER))


def test_a_page_without_a_square_is_a_scan_all_the_same() -> None:
    assert read_scan(scanned.scan("")).codes == ()


def test_a_photograph_of_the_paper_in_bad_light_is_read() -> None:
    sheet = scanned.page(CODE, turned=3).resize((900, 1270)).point(lambda dot: 60 + dot // 3)
    assert read_scan(scanned.file_of([sheet], "JPEG", quality=55)).codes == (CODE,)


def test_greys_of_sixteen_bits_are_seen() -> None:
    sheet = scanned.page(CODE).convert("I").point(lambda dot: dot * 257).convert("I;16")
    content = scanned.file_of([sheet])
    assert read_scan(content).codes == (CODE,)
    low, high = Image.open(io.BytesIO(page_picture(content, page=1))).convert("L").getextrema()
    assert (low, high) == (0, 255)


# ---- what is refused


@pytest.mark.parametrize(
    "content",
    [
        b"<!doctype html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"She said yes. This is a text called scan.pdf.",
        b" %PDF-1.7 after a gap",
        b"GIF89a" + bytes(100),
        b"PK\x03\x04" + bytes(100),
        b"\0",
    ],
)
def test_what_is_no_scan_is_not_taken_whatever_it_is_called(content: bytes) -> None:
    assert fault_of(content) is ScanFault.NOT_A_SCAN


def test_nothing_and_too_much() -> None:
    assert fault_of(b"") is ScanFault.EMPTY
    assert fault_of(b"%PDF-1.7" + bytes(LARGEST_SCAN)) is ScanFault.TOO_LARGE


@pytest.mark.parametrize("kind", KINDS)
def test_half_a_file_is_damaged(kind: str) -> None:
    whole = scanned.file_of([scanned.page(CODE, who="Ada")], kind)
    assert fault_of(whole[: len(whole) // 2]) is ScanFault.DAMAGED


@pytest.mark.parametrize("owner", [{"owner": "o", "user": "u"}, {"owner": "o", "user": ""}])
def test_a_locked_file_is_not_taken(owner: dict[str, str]) -> None:
    assert fault_of(scanned.pdf_with(encryption=Encryption(**owner))) is ScanFault.ENCRYPTED


def with_file(paper: Pdf) -> None:
    paper.attachments["note.txt"] = b"hidden"


def with_form(paper: Pdf) -> None:
    field = Dictionary(FT=Name.Tx, T=String("a"), AA=Dictionary(K=script()))
    paper.Root.AcroForm = Dictionary(Fields=Array([paper.make_indirect(field)]))


def with_xfa(paper: Pdf) -> None:
    paper.Root.AcroForm = Dictionary(Fields=Array([]), XFA=paper.make_stream(b"<xdp/>"))


def with_named_script(paper: Pdf) -> None:
    paper.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script()])))


def with_page_action(paper: Pdf) -> None:
    paper.pages[0].obj.AA = Dictionary(O=script())


ACTIVE: dict[str, Callable[[], bytes]] = {
    "script-at-opening": lambda: scanned.opens_with(script()),
    "any-action-at-opening": lambda: scanned.opens_with(Dictionary(S=Name.URI, URI=String("https://example.org"))),
    "script-by-name": lambda: scanned.pdf_with(with_named_script),
    "action-of-a-page": lambda: scanned.pdf_with(with_page_action),
    "field-of-a-form": lambda: scanned.pdf_with(with_form),
    "xfa": lambda: scanned.pdf_with(with_xfa),
    "file-inside": lambda: scanned.pdf_with(with_file),
    "file-inside-packed": lambda: scanned.pdf_with(with_file, object_stream_mode=pikepdf.ObjectStreamMode.generate),
    "launch": lambda: scanned.hidden_in_page(
        Dictionary(Type=Name.Annot, Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String("calc.exe")))
    ),
    "submit": lambda: scanned.hidden_in_page(
        Dictionary(Type=Name.Annot, Subtype=Name.Link, A=Dictionary(S=Name.SubmitForm, F=String("https://x.org")))
    ),
    "rich-media": lambda: scanned.hidden_in_page(Dictionary(Type=Name.Annot, Subtype=Name.RichMedia)),
    "deep-inside": lambda: scanned.hidden_in_page(
        Dictionary(Kids=Array([Array([Dictionary(Next=Dictionary(S=Name.JavaScript))])]))
    ),
}


@pytest.mark.parametrize("name", ACTIVE)
def test_nothing_that_acts_or_carries_files_is_kept(name: str) -> None:
    assert fault_of(ACTIVE[name]()) is ScanFault.ACTIVE


def test_where_a_file_opens_may_be_said() -> None:
    def change(paper: Pdf) -> None:
        paper.Root.OpenAction = Array([paper.pages[0].obj, Name.Fit])

    assert read_scan(scanned.pdf_with(change)).pages == 1


@pytest.mark.parametrize("kind", ["PDF", "TIFF"])
def test_twenty_pages_and_no_more(kind: str) -> None:
    small = [Image.new("L", (60, 80), 255)] * MOST_PAGES
    assert read_scan(scanned.file_of(small, kind)).pages == MOST_PAGES
    assert fault_of(scanned.file_of([*small, small[0]], kind)) is ScanFault.TOO_MANY_PAGES


@pytest.mark.parametrize(
    "content",
    [scanned.bomb_png(), scanned.bomb_png(9000, 9000), scanned.empty_picture_pdf(30_000, 30_000)],
    ids=["png", "png-below-the-limit-of-the-library", "pdf"],
)
def test_what_would_unfold_without_end_is_not_unfolded(content: bytes) -> None:
    assert len(content) < 200_000
    assert fault_of(content) is ScanFault.TOO_MANY_PIXELS


def test_a_pdf_without_a_page_is_damaged() -> None:
    def change(paper: Pdf) -> None:
        del paper.pages[0]

    assert fault_of(scanned.pdf_with(change)) is ScanFault.DAMAGED


@given(st.sampled_from([b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"II*\0", b"MM\0*"]), st.binary())
def test_any_bytes_are_answered(beginning: bytes, rest: bytes) -> None:
    assert fault_of(beginning + rest) in {ScanFault.DAMAGED, ScanFault.TOO_MANY_PIXELS}


@given(st.sampled_from(sorted(KINDS)), st.data())
def test_a_file_with_damage_is_read_or_refused_and_nothing_else(kind: str, data: st.DataObject) -> None:
    whole = bytearray(SMALL[kind])
    for _change in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        scan = read_scan(bytes(whole))
        assert page_picture(bytes(whole), page=1)
    except ScanError:
        return
    assert scan.pages >= 1


# ---- what is shown


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_shown_as_our_own_drawing(kind: str) -> None:
    content = scanned.file_of([scanned.page(CODE, who="Ada").resize((2400, 3400))], kind)
    shown = Image.open(io.BytesIO(page_picture(content, page=1)))
    assert shown.format == "PNG" and shown.mode == "RGB" and not shown.info
    assert shown.width <= WIDEST and shown.height <= TALLEST and max(shown.size) > 1500
    assert read_scan(page_picture(content, page=1)).codes == (CODE,)


def test_what_a_picture_says_about_itself_is_not_shown() -> None:
    said = PngImagePlugin.PngInfo()
    said.add_text("Author", "Somebody at home")
    content = scanned.file_of([scanned.page(CODE)], pnginfo=said, icc_profile=b"x" * 200)
    assert b"Somebody" in content
    assert b"Somebody" not in page_picture(content, page=1)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", [-1, 0, 2])
def test_there_is_no_other_page(kind: str, number: int) -> None:
    with pytest.raises(LookupError):
        page_picture(scanned.file_of([scanned.page("")], kind), page=number)
