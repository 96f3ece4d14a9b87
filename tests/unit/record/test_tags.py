"""The structure of the paper, as a reader for the blind meets it: every text once, in order, under what it is."""

import io

import pikepdf
import pytest

from consent.record.finish import finish
from consent.record.labels import LABELS
from consent.record.pdf import render_record
from tests.unit.record.reading import needs_poppler, run, squeezed
from tests.unit.record.samples import chinese_record, english_record


@pytest.fixture(scope="module")
def english() -> bytes:
    return finish(render_record(english_record()), language="en")


def tree(pdf: bytes) -> list[str]:
    """The lines of poppler's picture of the structure, with the text under each."""
    return run("pdfinfo", pdf, "-struct-text").splitlines()


def _elements(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    found, waiting = [], [pdf.Root.StructTreeRoot.K]
    while waiting:
        one = waiting.pop(0)
        if "/S" in one:
            found.append(one)
            waiting[:0] = list(one.K)
    return found


@needs_poppler
def test_headings_stand_under_their_level(english: bytes) -> None:
    lines = tree(english)
    titles = {lines[place + 1].strip(' "') for place, line in enumerate(lines) if line.strip() == "H1 (block)"}
    headings = [lines[place + 1].strip(' "') for place, line in enumerate(lines) if line.strip() == "H2 (block)"]
    assert titles == {LABELS["title"]}
    wanted = [text for key, text in LABELS.items() if key.endswith("_heading")]
    assert sorted(headings) == sorted(wanted)


@needs_poppler
def test_the_tree_says_every_text_of_the_record_in_order(english: bytes) -> None:
    record = english_record()
    said = squeezed("".join(line.strip() for line in tree(english)).replace('"', ""))
    for text in (record.patient_name, record.procedure_name, record.state, record.consent_id):
        assert squeezed(text) in said
    assert said.index(squeezed(record.state)) < said.index(squeezed(record.sheet_sections[0].heading))


@needs_poppler
def test_it_is_called_tagged(english: bytes) -> None:
    assert "Tagged:          yes" in run("pdfinfo", english)


def test_what_stands_on_every_page_is_no_part_of_it(english: bytes) -> None:
    with pikepdf.open(io.BytesIO(english)) as pdf:
        for page in pdf.pages:
            open_parts, seen = [], set()
            for operands, operator in pikepdf.parse_content_stream(page):
                name = str(operator)
                if name in {"BDC", "BMC"}:
                    open_parts.append(str(operands[0]))
                    seen.add(str(operands[0]))
                elif name == "EMC":
                    open_parts.pop()
                elif name in {"Tj", "TJ", "Do", "f", "f*"}:
                    assert open_parts, operands
            assert open_parts == []
            assert "/Artifact" in seen


def test_each_number_of_a_page_belongs_to_one_element(english: bytes) -> None:
    with pikepdf.open(io.BytesIO(english)) as pdf:
        numbers = dict(zip(*[iter(pdf.Root.StructTreeRoot.ParentTree.Nums)] * 2, strict=True))
        parts = {}
        for element in _elements(pdf):
            for kid in element.K:
                if "/MCID" in kid:
                    parts[kid.Pg.objgen, int(kid.MCID)] = element.objgen
        for page in pdf.pages:
            assert str(page.Tabs) == "/S"
            for number, element in enumerate(numbers[int(page.StructParents)]):
                assert parts.pop((page.obj.objgen, number)) == element.objgen
        assert parts == {}


def test_a_signature_is_a_figure_that_says_whose_it_is(english: bytes) -> None:
    with pikepdf.open(io.BytesIO(english)) as pdf:
        figures = [one for one in _elements(pdf) if str(one.S) == "/Figure"]
        assert [str(one.Alt) for one in figures] == ["Signature: Ana María O’Brien-Núñez"]


def test_the_history_is_a_table_whose_heads_say_that_they_are(english: bytes) -> None:
    with pikepdf.open(io.BytesIO(english)) as pdf:
        (table,) = [one for one in _elements(pdf) if str(one.S) == "/Table"]
        rows = [[str(cell.S) for cell in row.K] for row in table.K]
        assert rows[0] == ["/TH"] * 3
        assert rows[1:] == [["/TD"] * 3] * len(english_record().events)
        assert str(table.K[0].K[0].A.Scope) == "/Column"


def test_words_in_another_language_say_so() -> None:
    record = chinese_record(sheet_language="en", sheet_sections=english_record().sheet_sections)
    with pikepdf.open(io.BytesIO(finish(render_record(record), language="zh-Hans"))) as pdf:
        spoken = {str(one.get("/Lang", "")) for one in _elements(pdf) if str(one.S) == "/H3"}
    assert spoken == {"en"}
