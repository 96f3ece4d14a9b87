"""The last look at a paper before it is handed over: the finished file is opened again and held against the record.

Nothing here trusts the layout. Text is read back from the bytes and must be the record's, word for word; each page is
drawn by another program (pdfium) and must show ink where text is said to stand; pictures of signatures, the files
inside, the code on each page and the seal must be what they were meant to be.

>>> check_printed(pdf, record=record, document=document, issued=issued, digest=digest)  # doctest: +SKIP
"""

import datetime
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import pikepdf
import pypdfium2
import zxingcpp
from cryptography import x509
from PIL import Image

from consent.record.attachments import RECORD_NAME, attached
from consent.record.exceptions import RecordError
from consent.record.expected import expected_texts
from consent.record.images import opened_signature
from consent.record.judging import SealReport, judge_seal
from consent.record.labels import filled
from consent.record.pdfium import ONE_AT_A_TIME, drawn
from consent.record.reading_back import PageReader, Piece, squeezed, texts_in_order
from consent.record_facts import ConsentRecord, CopyOnPaper

SCALE = 1.0  # pixels of a point when a page is drawn for the check
FINE_SCALE = 2.0  # the same for the square code, and before ink is said to be missing: a full stop is a small pixel
HEAD = 100.0  # points from the upper edge, in which the square code stands
INK = 235  # a pixel darker than this is ink; the lightest text of a page is far darker
_FAULTS = (pikepdf.PdfError, pypdfium2.PdfiumError, ValueError, TypeError, LookupError, AttributeError, OSError)


class PrintCheckError(RecordError):
    """The finished file does not show what it should; `findings` says in which way, and quotes nothing from it."""

    def __init__(self, findings: Sequence[str]) -> None:
        super().__init__(f"The paper was not handed over: {' '.join(findings)}")
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """With what the seal of a paper is judged: the roots of the clinic's certificate and of the stamp authority."""

    roots: tuple[x509.Certificate, ...]
    at: datetime.datetime


def check_printed(
    pdf: bytes,
    *,
    record: ConsentRecord,
    document: bytes,
    issued: CopyOnPaper | None,
    digest: str,
    check_code: str = "",
    seal: Trusted | None = None,
) -> None:
    """Refuse a finished file that is not the picture of its record.

    **Takes** the record as it was printed, the bytes of its document with their digest, and what this copy adds;
    what the QR code says; with what the seal is judged, None for a file that has none.
    **Raises** PrintCheckError with a sentence for each thing that differs.
    """
    try:
        findings = [*_file_findings(pdf, document=document, digest=digest), *_seal_findings(pdf, issued, seal)]
        with pikepdf.open(io.BytesIO(pdf)) as paper:
            reader = PageReader(paper)
            pages = [reader.pieces(page) for page in paper.pages]
            expected = squeezed("".join(expected_texts(record, issued=issued, digest=digest)))
            findings += _text_findings(*texts_in_order(paper, pages), expected)
            findings += _picture_findings(record, pages)
        findings += _edge_findings(record, pages, digest=digest)
        findings += _ink_findings(pdf, pages, check_code)
    except _FAULTS as cause:
        raise PrintCheckError(["The file cannot be read back."]) from cause
    if findings:
        raise PrintCheckError(findings)


def _file_findings(pdf: bytes, *, document: bytes, digest: str) -> Iterator[str]:
    if hashlib.sha256(document).hexdigest() != digest:
        yield "The check code is not that of the record."
    with pikepdf.open(io.BytesIO(pdf)) as paper:
        if attached(paper).get(RECORD_NAME) != document:
            yield "The record inside the file is not the record."


def _seal_findings(pdf: bytes, issued: CopyOnPaper | None, seal: Trusted | None) -> Iterator[str]:
    if (issued is not None and issued.is_sealed) != (seal is not None):
        yield "The paper says of its seal what is not so."
    if seal is not None:
        report: SealReport = judge_seal(pdf, trusted_roots=seal.roots, at=seal.at)
        yield from (f"The seal is not right: {sentence}" for sentence in report.findings)


def _text_findings(shown: str, heard: str, expected: str) -> Iterator[str]:
    found = squeezed(shown)
    if found != expected:
        place = next(
            (at for at, (one, other) in enumerate(zip(found, expected, strict=False)) if one != other),
            min(len(found), len(expected)),
        )
        yield f"The text is not that of the record, from letter {place + 1} on."
    if heard != shown and squeezed(heard) != expected:
        yield "What is read aloud is not the text of the record."


def _picture_findings(record: ConsentRecord, pages: Sequence[Sequence[Piece]]) -> Iterator[str]:
    drawn = [piece.image for pieces in pages for piece in pieces if piece.image is not None]
    wanted = [
        opened_signature(one.image_png, field="image_png").convert("RGB")
        for one in record.signatures
        if one.image_png is not None
    ]
    if len(drawn) != len(wanted):
        yield f"The paper shows {len(drawn)} pictures of signatures; there are {len(wanted)}."
    elif any(
        one.size != other.size or one.tobytes() != other.tobytes() for one, other in zip(drawn, wanted, strict=True)
    ):
        yield "The picture of a signature is another one."


def _edge_findings(record: ConsentRecord, pages: Sequence[Sequence[Piece]], *, digest: str) -> Iterator[str]:
    """What must stand at the edges of each page: whose record, about what, which version, which page, which code."""
    always = [
        (squeezed(record.patient_name), "the name"),
        (squeezed(record.procedure_name), "the procedure"),
        (squeezed(record.sheet_version), "the version"),
        (squeezed(filled(record.labels["page_code"], digest=digest[:16])), "the check code"),
    ]
    for number, pieces in enumerate(pages, start=1):
        edge = [squeezed(piece.text) for piece in pieces if piece.number is None and piece.image is None]
        count = filled(record.labels["page"], page=str(number), pages=str(len(pages)))
        for text, name in (*always, (squeezed(count), "the number of the page")):
            if not any(_stands_in(text, one) for one in edge):
                yield f"Page {number}: {name} is not at its edge."


def _stands_in(text: str, line: str) -> bool:
    """Whether a line holds a text; of a text that is too long for a line, its beginning and a sign of that."""
    return text in line or (line.endswith("…") and len(line) > 1 and text.startswith(line[:-1]))


def _ink_findings(pdf: bytes, pages: Sequence[Sequence[Piece]], check_code: str) -> list[str]:
    """Draws one page after the other; a long record is never held as pictures all at once."""
    with ONE_AT_A_TIME, pypdfium2.PdfDocument(pdf) as paper:
        if len(paper) != len(pages) or not pages:
            return ["Another program sees another number of pages."]
        return [
            f"Page {number}: {sentence}"
            for number, pieces in enumerate(pages, start=1)
            for sentence in _page_findings(paper[number - 1], pieces, check_code)
        ]


def _page_findings(page: pypdfium2.PdfPage, pieces: Sequence[Piece], check_code: str) -> Iterator[str]:
    sheet = drawn(page, scale=SCALE)
    if any(piece.has_missing_glyph for piece in pieces):
        yield "a character is drawn as an empty box."
    if not all(_is_on(sheet, piece) for piece in pieces):
        yield "something stands beyond the edge of the page."
    elif not (_is_inked(sheet, pieces, SCALE) or _is_inked(drawn(page, scale=FINE_SCALE), pieces, FINE_SCALE)):
        yield "a line or a picture leaves no ink."
    if check_code and _code_on(page) != check_code:
        yield "the square code cannot be read, or says something else."


def _code_on(page: pypdfium2.PdfPage) -> str:
    """What the square code in the head of a page says; scanning the whole page would take ten times as long."""
    head = drawn(page, scale=FINE_SCALE, below=max(page.get_height() - HEAD, 0.0))
    found = zxingcpp.read_barcode(
        head, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode), try_rotate=False, try_invert=False
    )
    return "" if found is None else str(found.text)


def _is_on(sheet: Image.Image, piece: Piece) -> bool:
    width, height = sheet.width / SCALE, sheet.height / SCALE
    return piece.left >= -0.5 and piece.right <= width + 0.5 and piece.bottom >= 0 and piece.top <= height


def _is_inked(sheet: Image.Image, pieces: Sequence[Piece], scale: float) -> bool:
    seen = (piece for piece in pieces if piece.text.strip() or piece.image is not None)
    return all(_has_ink(sheet, piece, scale) for piece in seen)


def _has_ink(sheet: Image.Image, piece: Piece, scale: float) -> bool:
    box = (
        int(piece.left * scale),
        int(sheet.height - (piece.bottom + 0.8 * piece.size) * scale),
        int(piece.right * scale) + 1,
        int(sheet.height - (piece.bottom - 0.25 * piece.size) * scale) + 1,
    )
    darkest, _lightest = cast("tuple[int, int]", sheet.crop(box).getextrema())  # the page is grey
    return darkest < INK
