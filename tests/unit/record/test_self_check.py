"""The last look at a paper: it passes what is right in every language, and refuses each way of spoiling it."""

import dataclasses
import hashlib
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pikepdf
import pytest
from pikepdf import Dictionary, Operator, String

from consent.record.attachments import record_json
from consent.record.document import document_bytes
from consent.record.finish import finish
from consent.record.pdf import render_record
from consent.record.seal import seal
from consent.record.self_check import PrintCheckError, Trusted, check_printed
from consent.record_facts import ConsentRecord, CopyOnPaper
from tests.unit.record.languages import arabic_record, french_record, hindi_record, spanish_record
from tests.unit.record.samples import DIGEST, at, chinese_record, english_record
from tests.unit.record.sealing import NOW, site_seal

LANGUAGES = [english_record, chinese_record, arabic_record, hindi_record, french_record, spanish_record]
ISSUED = CopyOnPaper(
    issued_at=at(12), ledger_index=1043, ledger_leaf=DIGEST, ledger_size=1051, ledger_root=DIGEST[::-1]
)
SITE = site_seal()
Instructions = list[tuple[list[object], Operator]]


@dataclass(frozen=True)
class Made:
    """A finished file, and all that is needed to check it."""

    record: ConsentRecord
    pdf: bytes
    issued: CopyOnPaper = ISSUED
    seal: Trusted | None = None

    @property
    def document(self) -> bytes:
        return document_bytes(self.record)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.document).hexdigest()

    @property
    def code(self) -> str:
        return f"FGR1 {self.digest}"

    def check(self, **changes: object) -> None:
        values: dict[str, object] = {
            "record": self.record, "document": self.document, "issued": self.issued, "digest": self.digest,
            "check_code": self.code, "seal": self.seal,
        }  # fmt: skip
        pdf = changes.pop("pdf", self.pdf)
        check_printed(pdf, **(values | changes))  # type: ignore[arg-type]

    def findings(self, **changes: object) -> str:
        with pytest.raises(PrintCheckError) as refusal:
            self.check(**changes)
        assert all(sentence.endswith(".") for sentence in refusal.value.findings)
        return " ".join(refusal.value.findings)


def made(record: ConsentRecord, issued: CopyOnPaper = ISSUED) -> Made:
    one = Made(record=record, pdf=b"", issued=issued)
    pages = render_record(record, issued=issued, digest=one.digest, check_code=one.code)
    return dataclasses.replace(
        one, pdf=finish(pages, language=record.language, attachments=[record_json(one.document)])
    )


@pytest.fixture(scope="module")
def good() -> Made:
    return made(english_record())


@pytest.fixture(scope="module")
def sealed() -> Made:
    one = made(english_record(), dataclasses.replace(ISSUED, is_sealed=True))
    return dataclasses.replace(
        one, pdf=seal(one.pdf, site_seal=SITE, at=NOW).pdf, seal=Trusted(roots=(SITE.root,), at=NOW)
    )


@pytest.mark.parametrize("make", LANGUAGES, ids=lambda make: make.__name__)
def test_what_is_right_passes_in_every_language(make: Callable[[], ConsentRecord]) -> None:
    made(make()).check()


def test_a_sealed_paper_passes(sealed: Made) -> None:
    sealed.check()


def test_several_at_once_do_not_disturb_each_other(good: Made, sealed: Made) -> None:
    with ThreadPoolExecutor(max_workers=6) as workers:
        list(workers.map(lambda one: one.check(), [good, sealed] * 6))


@pytest.mark.parametrize(
    "changes",
    [
        {"patient_name": "Word " * 90}, {"questions": (("- a", "• b\n- c"), ("<b>&amp;</b> {page}", "%s"))},
        {"events": (), "people": (), "signatures": (), "without_word": (), "questions": ()},
        {"site_name": "Su\u0317\u033b"}, {"patient_name": "a\u2010b-c \u00b5\u03bc \u2126\u03a9"},
        {"sheet_sections": ()}, {"side": "", "procedure_code": "", "state_explained": ""},
    ],
)  # fmt: skip
def test_so_does_what_is_unusual(changes: dict[str, object]) -> None:
    made(english_record(**changes)).check()


@pytest.mark.parametrize(
    "other",
    [
        {"patient_name": "Ana María O’Brien"},
        {"birth_date": english_record().birth_date.replace(day=1)},
        {"sheet_version": "1.1"},
        {"sheet_digest": DIGEST[::-1]},
        {"state": "You said no"},
        {"signatures": english_record().signatures[::-1]},
        {"events": english_record().events[:-1]},
        {"site_name": "Riverside Clinic"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_paper_of_another_record_is_refused(good: Made, other: dict[str, object]) -> None:
    said = made(english_record(**other)).findings(record=good.record, document=good.document, digest=good.digest)
    assert "The text is not that of the record" in said


def test_another_place_in_the_ledger_is_refused(good: Made) -> None:
    for other in ({"ledger_index": 1044}, {"ledger_leaf": DIGEST[1:] + "0"}, {"issued_at": at(13)}):
        assert "The text is not" in good.findings(issued=dataclasses.replace(ISSUED, **other))


def _with_picture(image_png: bytes | None) -> ConsentRecord:
    first, *rest = english_record().signatures
    return english_record(signatures=(dataclasses.replace(first, image_png=image_png), *rest))


def test_a_missing_and_another_picture_of_a_signature(good: Made) -> None:
    assert "0 pictures of signatures; there are 1" in made(_with_picture(None)).findings(record=good.record)
    mirrored = io.BytesIO()
    with pikepdf.open(io.BytesIO(good.pdf)) as pdf:
        (image,) = [one for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"]
        image.write(bytes(reversed(image.read_bytes())))
        pdf.save(mirrored)
    assert "The picture of a signature is another one." in good.findings(pdf=mirrored.getvalue())


def _changed(good: Made, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(good.pdf)) as pdf:
        change(pdf)
        pdf.save(out)
    return out.getvalue()


def _rewritten(good: Made, change: Callable[[Instructions], Instructions], *, page: int = 0) -> bytes:
    def rewrite(pdf: pikepdf.Pdf) -> None:
        found = [(list(operands), operator) for operands, operator in pikepdf.parse_content_stream(pdf.pages[page])]
        pdf.pages[page].Contents = pdf.make_stream(pikepdf.unparse_content_stream(change(found)))

    return _changed(good, rewrite)


def _where(found: Instructions, name: str, *, nth: int) -> int:
    return [place for place, (_operands, operator) in enumerate(found) if str(operator) == name][nth]


def _drop(found: Instructions) -> Instructions:
    place = _where(found, "Tj", nth=12)
    return found[:place] + found[place + 1 :]


def _swap(found: Instructions) -> Instructions:
    one, other = _where(found, "Tj", nth=9), _where(found, "Tj", nth=10)
    found[one], found[other] = found[other], found[one]
    return found


def _box(found: Instructions) -> Instructions:
    place = _where(found, "Tj", nth=12)
    found[place] = ([String(b"\0\0" + bytes(found[place][0][0])[2:])], found[place][1])
    return found


def _outside(found: Instructions) -> Instructions:
    place = _where(found, "Td", nth=12)
    found[place] = ([700, found[place][0][1]], found[place][1])
    return found


def _invisible(found: Instructions) -> Instructions:
    place = _where(found, "Tj", nth=12)
    ink = max(at for at in range(place) if str(found[at][1]) == "g")
    found[ink] = ([1], found[ink][1])
    return found


def _covered(found: Instructions) -> Instructions:
    return [*found, ([1], Operator("g")), ([0, 0, 595, 842], Operator("re")), ([], Operator("f"))]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_drop, "The text is not that of the record"),
        (_swap, "The text is not that of the record"),
        (_box, "a character is drawn as an empty box"),
        (_outside, "something stands beyond the edge of the page"),
        (_invisible, "a line or a picture leaves no ink"),
        (_covered, "a line or a picture leaves no ink"),
    ],
)
def test_a_spoiled_line_is_refused(good: Made, change: Callable[[Instructions], Instructions], said: str) -> None:
    assert said in good.findings(pdf=_rewritten(good, change))


def test_a_page_that_is_gone_or_there_twice(good: Made) -> None:
    assert good.findings(pdf=_changed(good, lambda pdf: pdf.pages.remove(p=2)))
    assert good.findings(pdf=_changed(good, lambda pdf: pdf.pages.append(pdf.pages[1])))


def test_what_is_said_instead_of_shown_letters_must_be_the_record_too() -> None:
    good = made(hindi_record())

    def lie(found: Instructions) -> Instructions:
        place = next(at for at, (operands, _operator) in enumerate(found) if len(_said(operands)) > 9)
        found[place][0][1] = Dictionary(ActualText=String("Something else"))
        return found

    assert "not" in good.findings(pdf=_rewritten(good, lie, page=1))


def test_what_is_read_aloud_must_be_the_record_too() -> None:
    good = made(arabic_record())

    def lie(pdf: pikepdf.Pdf) -> None:
        told = (one for one in pdf.objects if isinstance(one, Dictionary) and "/ActualText" in one)
        next(told).ActualText = String("Something else")

    assert good.findings(pdf=_changed(good, lie)) == "What is read aloud is not the text of the record."


def _said(operands: list[object]) -> str:
    facts = operands[1] if len(operands) > 1 else None
    return str(facts.get("/ActualText", "")) if isinstance(facts, Dictionary) else ""


def _turned(found: Instructions, *, least: int) -> list[tuple[int, list[pikepdf.Object]]]:
    """Where a run of some letters is drawn that is read from right to left, and its glyphs; not at the edges."""
    begun = ((at, operands) for at, (operands, operator) in enumerate(found) if str(operator) == "BDC")
    body = next(at for at, (_tag, facts) in begun if "/MCID" in facts)
    starts = [at for at in range(body, len(found)) if found[at][0] and str(found[at][0][0]) == "/ReversedChars"]
    shows = [next(at for at in range(start, len(found)) if str(found[at][1]) == "TJ") for start in starts]
    drawn = [(at, list(found[at][0][0])) for at in shows]  # type: ignore[call-overload]
    return [(at, pieces) for at, pieces in drawn if len(bytes(pieces[0])) >= 2 * least]


def _two_letters_exchanged(found: Instructions) -> Instructions:
    at, pieces = _turned(found, least=4)[9]
    codes = bytes(pieces[0])
    found[at] = ([pikepdf.Array([String(codes[2:4] + codes[:2] + codes[4:]), *pieces[1:]])], found[at][1])
    return found


def _a_letter_of_another_word(found: Instructions) -> Instructions:
    (at, pieces), (_at, others) = _turned(found, least=3)[5:7]
    codes, other = bytes(pieces[0]), bytes(others[0])
    new = other[2:4] if other[2:4] != codes[2:4] else other[:2]
    found[at] = ([pikepdf.Array([String(codes[:2] + new + codes[4:]), *pieces[1:]])], found[at][1])
    return found


def _not_called_reversed(found: Instructions) -> Instructions:
    return [([pikepdf.Name.Span] if operands and str(operands[0]) == "/ReversedChars" else operands, operator)
            for operands, operator in found]  # fmt: skip


@pytest.mark.parametrize("change", [_two_letters_exchanged, _a_letter_of_another_word, _not_called_reversed])
def test_a_spoiled_word_from_right_to_left_is_refused(change: Callable[[Instructions], Instructions]) -> None:
    good = made(arabic_record())
    assert "The text is not that of the record" in good.findings(pdf=_rewritten(good, change, page=1))


def test_without_its_structure_it_cannot_be_read_back(good: Made) -> None:
    def forget(pdf: pikepdf.Pdf) -> None:
        del pdf.Root.StructTreeRoot

    assert good.findings(pdf=_changed(good, forget)) == "The file cannot be read back."


def test_another_file_inside_and_another_code(good: Made) -> None:
    swapped = finish(
        render_record(good.record, issued=ISSUED, digest=good.digest, check_code=good.code),
        language="en",
        attachments=[record_json(good.document + b" ")],
    )
    assert "The record inside the file is not the record." in good.findings(pdf=swapped)
    assert "The check code is not that of the record." in good.findings(digest=DIGEST)
    assert "the square code cannot be read, or says something else" in good.findings(check_code=f"FGR1 {DIGEST}")


def test_a_broken_seal_and_a_paper_that_lies_about_its_seal(good: Made, sealed: Made) -> None:
    changed = bytearray(sealed.pdf)
    changed[changed.index(b"/Contents <") + 400] ^= 1
    assert "The seal is not right" in sealed.findings(pdf=bytes(changed))
    assert "The seal is not right" in sealed.findings(seal=Trusted(roots=(site_seal().root,), at=NOW))
    assert "The paper says of its seal what is not so." in sealed.findings(seal=None)
    assert "The paper says of its seal what is not so." in good.findings(seal=Trusted(roots=(SITE.root,), at=NOW))


def test_what_is_no_file_at_all(good: Made) -> None:
    for pdf in (b"", b"%PDF-1.7", good.pdf[: len(good.pdf) // 2]):
        assert good.findings(pdf=pdf)
