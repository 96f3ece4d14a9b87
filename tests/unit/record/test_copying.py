"""What plain pdftotext copies from our papers is what was stored, word for word, in every language and direction.

Not compared: where lines and pages end, in which order cells stand beside each other, and direction marks.
"""

import dataclasses
import io
from collections import Counter

import pikepdf
import pytest

from consent.record.bidi import isolated, without_isolates
from consent.record.expected import expected_texts
from consent.record.leaflet import Leaflet, LeafletPart, render_leaflet
from consent.record.paper import Paper
from consent.record.paper_form import render_paper_form
from consent.record.pdf import render_record
from consent.record.reading_back import PageReader, texts_in_order
from consent.record.slip import render_slip
from consent.record.slip_labels import SLIP_LABELS
from consent.record.text import Line, Style, set_lines
from consent.record_facts import ConsentRecord
from tests.unit.record.goldens import printed
from tests.unit.record.languages import MIXED, RECORDS, arabic_record, hindi_record
from tests.unit.record.reading import body, copied, needs_poppler, squeezed
from tests.unit.record.samples import DIGEST, ISSUED, at, chinese_record, english_record
from tests.unit.record.slips import english_slip
from tests.unit.record.test_paper_form import facts

pytestmark = needs_poppler
BODY = Style(12, 18)
SENTENCES = [
    MIXED,
    "الزَّهراء",
    "لا إِلَّا وَ لًا بِسْمِ اللَّهِ",
    "تَ مَ",
    "می\u200cخ کتاب",
    "ببَّ\u200c ثم",
    "IUD هو جهاز صغير يوضع في الرحم.",
    "(1) نعم. لا؛ ربما، ثم (Ana) - 5-10 - 50%.",
    f"هاتف {isolated('+44 20 7946 0018')} أو {isolated('(Ana)')}{isolated('Bea')}.",
    "حتى 38.5 درجة؟ نعم: 4/3/2026، 10:05...",
    "https://clinic.example.org/a/?b=c نعم",
    "قال क्षि王晓燕 نعم",
    "-5 درجات تحت-",
    "(IUD)",
    "She said (yes).",
    "...",
]
IN_ENGLISH = ["فاطمة الزَّهراء", "She said نعم أو لا and left (لا) ok.", "Copper-T (نحاس)", "no word of it copper-"]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Line]:
    """Every line that is put on a page."""
    lines: list[Line] = []
    real = Paper.text

    def noting(self: Paper, line: Line, style: Style, **place: float) -> None:
        lines.append(line)
        real(self, line, style, **place)

    monkeypatch.setattr(Paper, "text", noting)
    return lines


def _taken(words: tuple[str, ...], left: Counter[tuple[str, ...]]) -> bool:
    """Whether these words are one line, or several that stand beside each other; they are taken from those left."""
    if not words:
        return True
    for end in range(len(words), 0, -1):
        if left[words[:end]] > 0:
            left[words[:end]] -= 1
            if _taken(words[end:], left):
                return True
            left[words[:end]] += 1
    return False


def differences(pdf: bytes, lines: list[Line]) -> list[str]:
    """Lines of the copy that were not drawn, and drawn ones that it does not have."""
    left = Counter(tuple(line.text.split()) for line in lines)
    strange = [line for line in copied(pdf) if not _taken(tuple(line.split()), left)]
    return strange + [" ".join(words) for words, times in left.items() if words and times > 0]


def one_page(texts: list[str], language: str) -> tuple[bytes, list[Line]]:
    sheet = Paper(title="t", author="a", subject="s", language=language, made_at=at(9))
    lines = [line for text in texts for line in set_lines(text, BODY, 480, language)]
    sheet.face(lines)
    for place, line in enumerate(lines):
        sheet.text(line, BODY, x=60, baseline=820 - 30 * place)
    sheet.end_page()
    return sheet.to_bytes(), lines


@pytest.mark.parametrize("language", list(RECORDS))
def test_every_line_of_a_record_is_copied_word_for_word(language: str, drawn: list[Line]) -> None:
    assert differences(printed(RECORDS[language]()), drawn) == []


@pytest.mark.parametrize("language", list(RECORDS))
def test_what_is_copied_is_what_was_stored(language: str) -> None:
    record = RECORDS[language]()
    whole = body(printed(record))
    stored = expected_texts(record, issued=ISSUED, digest=DIGEST)
    assert Counter(squeezed(without_isolates("".join(stored)))) - Counter(whole) == Counter()
    wide = [text for section in record.sheet_sections for text in (section.heading, section.text.replace("- ", ""))]
    wide += [record.labels["about"], record.labels["about_change"], record.state, record.state_explained]
    wide += [one.sentence for one in record.events if len(one.sentence) < 40]
    assert [text for text in wide if squeezed(text) not in whole] == []


@pytest.mark.parametrize(
    ("make", "other"),
    [(arabic_record, english_record), (arabic_record, hindi_record), (arabic_record, chinese_record)],
)
def test_an_arabic_record_of_another_sheet(make, other, drawn: list[Line]) -> None:  # type: ignore[no-untyped-def]
    sections = other().sheet_sections * 2
    pdf = printed(make(sheet_sections=sections, sheet_language=other().language, patient_name=other().patient_name))
    assert differences(pdf, drawn) == []


@pytest.mark.parametrize("other", [english_record, hindi_record, chinese_record])
def test_an_arabic_name_in_another_record(other, drawn: list[Line]) -> None:  # type: ignore[no-untyped-def]
    assert differences(printed(other(patient_name="فاطمة الزَّهراء (أم علي)")), drawn) == []


@pytest.mark.parametrize("text", SENTENCES)
def test_a_sentence_of_both_directions(text: str) -> None:
    assert differences(*one_page([text], "ar")) == []


def test_all_of_them_on_one_page() -> None:
    assert differences(*one_page(SENTENCES, "ar")) == []
    assert differences(*one_page(IN_ENGLISH, "en")) == []


def test_a_page_of_digits_and_codes_still_reads_as_arabic() -> None:
    """Those who copy tell from most letters of a page how it is read; marks that nobody sees make up for the codes."""
    texts = ["النص 4 (IUD).", *["deadbeefcafe" * 4] * 12]
    assert differences(*one_page(texts, "ar")) == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_other_papers_of_this_room(language: str, drawn: list[Line]) -> None:
    arabic = {"title": "قسيمة إثبات", "where": "يمكن لأي شخص التحقق (بلا اسم)، في 2 دقيقة."}
    labels = {**SLIP_LABELS, **(arabic if language == "ar" else {})}
    slip = english_slip(language=language, anchoring="لم يرَ أحد هذه القائمة بعد", labels=labels)
    assert differences(render_slip(slip), drawn) == []
    drawn.clear()
    assert differences(render_paper_form(facts(language, sheet=language)), drawn) == []
    drawn.clear()
    part = LeafletPart(heading="متى؟", lines=(("في", MIXED), ("name", "O’Brien (Ana).")))
    leaflet = Leaflet(
        language="ar", title="ورقة 1", site_name="عيادة النهر", about=MIXED, parts=(part,), page="{page}/{pages}",
        made_at=at(9),
    )  # fmt: skip
    assert differences(render_leaflet(leaflet), drawn) == []


def heard(pdf: bytes) -> str:
    """What our own reader finds: by the letters that stand there, not by a rule of order."""
    with pikepdf.open(io.BytesIO(pdf)) as paper:
        reader = PageReader(paper)
        shown, _heard = texts_in_order(paper, [reader.pieces(page) for page in paper.pages])
        return shown


@pytest.mark.parametrize(
    "name",
    [
        "د. فاطمة (3)",  # a full stop or a number among words from right to left, on a page of the other direction
        f"د. فاطمة {isolated('Ana')}",  # and a name
    ],
)
def test_not_put_back_is_what_mixes_on_a_page_that_runs_the_other_way(name: str) -> None:
    """Those who copy know one direction a page. It is read rightly by whoever reads the letters, or the structure."""
    record: ConsentRecord = english_record(patient_name=without_isolates(name))
    pdf = render_record(record)
    assert record.patient_name not in copied(pdf)
    assert squeezed(record.patient_name) in squeezed(heard(pdf))


def test_not_put_back_is_one_direction_twice_within_the_other() -> None:
    text = f"قالت {isolated('Ana (فاطمة) today')} نعم"
    pdf, lines = one_page([text], "ar")
    assert differences(pdf, lines) != []
    record = dataclasses.replace(arabic_record(), procedure_name=f"Ana (فاطمة) today {'x' * 40}")
    assert squeezed(record.procedure_name) in squeezed(heard(render_record(record)))


def test_not_put_back_is_a_vowel_mark_that_was_doubled() -> None:
    """Those who copy take it for bold letters that were drawn twice."""
    pdf, _lines = one_page(["كلّّ"], "ar")
    assert "كلّ" in copied(pdf)


def test_not_put_back_is_a_hyphen_at_which_an_address_was_broken() -> None:
    pdf, lines = one_page(["https://a-clinic-", "with-a-name.example.org", "and more"], "en")
    assert "https://a-clinicwith-a-name.example.org" in squeezed("".join(copied(pdf)))
    assert len(lines) == 3
