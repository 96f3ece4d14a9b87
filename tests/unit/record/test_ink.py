"""Nasty strings in every field for words: refused with a sentence, or shown as typed. Never a box, never a gap.

The strings stand in `nasty`; the fields are found among the forms (`typed_fields`). What a form takes is then printed
in every place of a paper where words of one line, or of several, can stand, and read back from the finished file.
"""

import dataclasses
import hashlib
import html.parser
import io
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pikepdf
import pypdfium2
import pytest

from consent.record.attachments import record_json
from consent.record.document import document_bytes, record_of
from consent.record.finish import finish
from consent.record.leaflet import Leaflet, LeafletPart, leaflet_html, render_leaflet
from consent.record.own_words import printable
from consent.record.pdf import render_record
from consent.record.plain_html import html_of
from consent.record.reading_back import PageReader, Piece, squeezed, texts_in_order
from consent.record.self_check import _is_inked, check_printed
from consent.record_facts import ConsentRecord, PersonOnRecord
from tests.unit.record.languages import arabic_record
from tests.unit.record.nasty import NASTY
from tests.unit.record.samples import ISSUED, at, english_record
from tests.unit.record.typed_fields import Outcome, Typed, all_forms, outcomes, typed_fields

LEFT_OUT = frozenset({"Cc", "Cs"})  # controls but tab and line end, and halves of pairs: no form reads them
TURNS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
ISOLATES = "\u2066\u2067\u2068\u2069"
MARKS = frozenset("\u200e\u200f\u061c")
BARE: dict[str, object] = {
    **{"sheet_sections": (), "people": (), "conversation": (), "questions": (), "without_word": (), "signatures": ()},
    **{"events": (), "talks": ()},
}
LANGUAGES = pytest.mark.parametrize("make", [english_record, arabic_record], ids=["en", "ar"])
PAGE_TAGS = {
    *("html", "head", "meta", "title", "style", "body", "main", "p", "h1", "h2", "h3", "dl", "dt", "dd", "bdi"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "ul", "li", "blockquote", "strong"),
}


@cache
def table() -> dict[tuple[Typed, str], Outcome]:
    """The outcome of every string in every field."""
    fields = list(typed_fields())
    found: dict[tuple[Typed, str], Outcome] = {}
    for form in dict.fromkeys(field.form for field in fields):
        own = [field for field in fields if field.form is form]
        for what, text in NASTY.items():
            answers = outcomes(form, tuple(field.name for field in own), text)
            found |= {(field, what): answers[field.name] for field in own}
    return found


def is_left_out(sign: str) -> bool:
    """Whether a form reads past a sign that nobody sees."""
    code = ord(sign)
    is_no_character = 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
    is_control = unicodedata.category(sign) in LEFT_OUT and sign not in "\t\n"
    return is_control or is_no_character or unicodedata.bidirectional(sign) in TURNS or sign in MARKS


def as_typed(text: str) -> str:
    """What somebody typed, without the signs that nobody sees and without blanks around it."""
    seen = "".join(sign for sign in text.replace("\r\n", "\n").replace("\r", "\n") if not is_left_out(sign))
    return seen.strip()


def values(*, several_lines: bool) -> list[str]:
    """Every value that some field took and that may come to stand on a paper."""
    taken = {
        one.value: None
        for (field, _what), one in table().items()
        if not one.refusal and not field.takes_any_sign and (several_lines or not field.has_several_lines)
    }
    return [value for value in taken if value]


def own_words() -> list[str]:
    """Every value of the fields in which nothing is refused."""
    taken = [one.value for (field, _what), one in table().items() if field.takes_any_sign and not one.refusal]
    return [value for value in dict.fromkeys(taken) if value]


def test_the_strings_and_the_fields_are_many() -> None:
    names = set(map(str, typed_fields()))
    assert len(NASTY) >= 60 and len(set(NASTY.values())) == len(NASTY)
    assert len(names) >= 60 and len(all_forms()) >= 40
    assert names >= {"PatientForm.name", "ConversationForm.teach_back_1_answer", "SignatureForm.witness_name"}
    assert not any(field.name in {"pin", "strokes", "image", "form_key"} for field in typed_fields())


def test_every_cell_is_refused_with_a_sentence_or_taken_as_it_was_typed(capsys: pytest.CaptureFixture[str]) -> None:
    counted: Counter[str] = Counter()
    for (field, what), one in table().items():
        where = f"{field}, {what}"
        if one.refusal:
            assert one.refusal.endswith(".") or one.refusal.endswith(")."), where
            counted["refused with a sentence"] += 1
            continue
        typed = as_typed(NASTY[what])
        assert one.value.strip() in {typed, ""}, where
        assert one.value.strip() == typed or not any(sign.isprintable() and not sign.isspace() for sign in typed), where
        kind = "shown as typed" if one.value == NASTY[what] else "shown without signs that nobody sees, or blanks"
        counted[kind if one.value else "left empty"] += 1
    with capsys.disabled():
        fields = len({field for field, _what in table()})
        said = "; ".join(f"{kind}: {number}" for kind, number in sorted(counted.items()))
        print(f"\nink: {len(NASTY)} strings x {fields} fields = {len(table())} cells; {said}")  # noqa: T201  # the count
    assert counted.total() == len(table())


def test_a_name_of_40_kb_is_told_how_long_it_may_be() -> None:
    taken = {str(field) for (field, what), one in table().items() if what == "a name of 40 KB" and not one.refusal}
    assert taken == {"WordsForm.words", "SpokenNoForm.words"}, "only a no may be as long as she likes"
    told = [one.refusal for (_field, what), one in table().items() if what == "a name of 40 KB" and one.refusal]
    assert all("at most" in sentence and "40000" in sentence for sentence in told)


@pytest.mark.parametrize("sign", ["\n", "\t", "\r\n"], ids=["line feed", "tab", "CR LF"])
def test_a_line_of_a_form_does_not_end_in_the_middle(sign: str) -> None:
    """A name that held a line end was taken, signed, and could not be printed afterwards."""
    taken = [
        str(field)
        for field in typed_fields()
        if not field.takes_any_sign
        and not field.has_several_lines
        and not outcomes(field.form, (field.name,), f"Ann{sign}Lee")[field.name].refusal
    ]
    assert taken == []


@dataclasses.dataclass(frozen=True)
class Paper:
    """A finished file and what it was made of."""

    record: ConsentRecord
    pdf: bytes

    def check(self) -> None:
        """The text read back is the record's, every line leaves ink, and no glyph is an empty box."""
        document = document_bytes(self.record)
        digest = hashlib.sha256(document).hexdigest()
        check_printed(self.pdf, record=self.record, document=document, issued=ISSUED, digest=digest)
        assert record_of(document) == self.record


def printed(record: ConsentRecord) -> Paper:
    document = document_bytes(record)
    pages = render_record(record, issued=ISSUED, digest=hashlib.sha256(document).hexdigest())
    return Paper(record, finish(pages, language=record.language, attachments=[record_json(document)]))


def everywhere(make, lines: list[str], texts: list[str]) -> ConsentRecord:
    """A record with values of one line and of several in every list that it has."""
    whole = make()
    one = whole.signatures[0]
    signed = [dataclasses.replace(one, image_png=None, strokes=None, name=line, witness_name=line) for line in lines]
    return make(
        **BARE
        | {
            "people": tuple(PersonOnRecord(role=line, name=line, note=line, role_code="other") for line in lines),
            "signatures": tuple(signed),
            "conversation": tuple((text, text) for text in texts),
            "questions": tuple((text, text) for text in texts),
            "without_word": tuple((text, text) for text in texts),
            "events": tuple(dataclasses.replace(whole.events[0], sentence=text) for text in texts),
        }
    )


@LANGUAGES
def test_every_value_that_a_form_takes_is_printed_as_it_is(make) -> None:
    printed(everywhere(make, values(several_lines=False), values(several_lines=True))).check()


@LANGUAGES
def test_so_it_is_in_the_places_that_stand_on_every_page(make) -> None:
    for line in values(several_lines=False):
        names = ("patient_name", "patient_latin_name", "site_name", "procedure_name", "side", "state")
        printed(make(**BARE | dict.fromkeys(names, line))).check()


def test_what_she_says_to_a_no_is_printed_whatever_it_is() -> None:
    said = {words: printable(words) for words in own_words()}
    for words, shown in said.items():
        assert all(f"U+{ord(sign):04X}" in shown for sign in words if sign not in shown)
    longest = max(said.values(), key=len)
    assert len(longest) > 39_000
    talk = tuple((shown, "x") for shown in said.values() if shown != longest)
    printed(english_record(**BARE | {"ended_words": longest, "questions": talk})).check()


class _Reader(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not any(name.startswith("on") or name in {"href", "onerror"} for name, _value in attrs)

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def read(page: bytes) -> str:
    reader = _Reader()
    reader.feed(page.decode())
    assert reader.tags <= PAGE_TAGS
    return "".join(reader.said)


@LANGUAGES
def test_the_plain_page_says_every_value_and_no_tag_of_it(make) -> None:
    lines, texts = values(several_lines=False), values(several_lines=True)
    said = read(html_of(everywhere(make, lines, texts), digest=""))
    assert [text for text in texts if text not in said] == []
    for line in lines:
        assert read(html_of(make(**BARE | {"patient_name": line, "site_name": line}), digest="")).count(line) >= 2


def test_the_plain_page_takes_her_own_words_whatever_they_are() -> None:
    for words in own_words():
        said = read(html_of(english_record(**BARE | {"ended_words": words}), digest=""))
        assert words in said or "U+" in said


def leaflet(language: str, texts: list[str]) -> Leaflet:
    lines = tuple((str(number), text) for number, text in enumerate(texts))
    parts = (LeafletPart(heading="1", lines=lines),)
    return Leaflet(
        language=language, title="x", site_name="y", about="", parts=parts, page="{page}/{pages}", made_at=at(9)
    )


@pytest.mark.parametrize("language", ["en", "ar"])
def test_so_does_the_paper_that_is_safe_to_show(language: str) -> None:
    texts = values(several_lines=True)
    made = leaflet(language, texts)
    pdf = finish(render_leaflet(made), language=language)
    expected = "".join(f"{number}{text}" for number, text in enumerate(texts))
    with pikepdf.open(io.BytesIO(pdf)) as paper:
        reader = PageReader(paper)
        pages = [reader.pieces(page) for page in paper.pages]
        shown, _heard = texts_in_order(paper, pages)
    assert squeezed(shown) == squeezed(f"yx1{expected}")
    assert shown.count("•") == expected.count("•")
    lines = {unicodedata.normalize("NFC", piece.text.strip(ISOLATES)) for pieces in pages for piece in pieces}
    short = [text for text in texts if len(text) < 30 and not {"\n", "\t"} & set(text)]
    assert [text for text in short if unicodedata.normalize("NFC", text) not in lines] == []  # blanks and all
    assert all(is_drawn(pdf, pages))
    said = read(leaflet_html(made))
    assert [text for text in texts if text not in said] == []


def is_drawn(pdf: bytes, pages: list[list[Piece]]) -> Iterator[bool]:
    """Of each page: whether every line leaves ink and no glyph is an empty box."""
    with pypdfium2.PdfDocument(pdf) as paper:
        for number, pieces in enumerate(pages):
            sheet = paper[number].render(scale=2.0, grayscale=True).to_pil()
            yield _is_inked(sheet, pieces, 2.0) and not any(piece.has_missing_glyph for piece in pieces)
