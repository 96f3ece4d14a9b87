"""What a sheet must say: every kind of care, and every way in which a sheet can fall short."""

from collections.abc import Callable
from typing import Any

import pytest

from clinic.vocabulary import Preset, ProcedureCategory
from consent.rules.disclosure import LEAST_ALTERNATIVES, LEAST_QUESTIONS, missing_elements, required_elements
from consent.rules.elements import BY_ID, ELEMENTS
from consent.rules.policy import parameter
from tests.unit.rules.sheets import complete_sheet

Sheet = dict[str, Any]

# The evidence once more: ids by kind of care.
FOR_ALL = "DE-01 DE-02 DE-03 DE-04 DE-05 DE-06 DE-07 DE-11 DE-13 DE-14"
FOR_SOME = {
    "STER": "DE-08 DE-10 DE-09 DS-1 DS-2 DS-3 DS-4 DS-5 DS-6 DS-7 DS-8 DS-9 DS-10",
    "LARC_IN": "DE-08 DE-10 DL-1 DL-2 DL-3 DL-4 DL-5",
    "LARC_OUT": "DE-08 DE-10",
    "ABRT": "DE-08 DE-10 DA-1 DA-2 DA-3 DA-4",
    "MINOR": "DE-08 DE-10",
    "MAJOR": "DE-08 DE-10 DE-09 DE-12",
    "ANAES": "DE-09 DE-12",
    "VACC": "DV-1 DV-2 DV-3 DV-4 DV-5 DV-6",
    "TEST": "DT-1 DT-2 DT-3 DT-4",
    "IMG": "DT-1 DT-2 DT-3 DT-4",
}


@pytest.mark.parametrize("category", ProcedureCategory)
def test_required_elements_are_those_of_the_evidence(category: ProcedureCategory) -> None:
    assert sorted(required_elements(category)) == sorted(f"{FOR_ALL} {FOR_SOME[category]}".split())


@pytest.mark.parametrize("category", ProcedureCategory)
def test_a_complete_sheet_lacks_nothing(category: ProcedureCategory) -> None:
    assert missing_elements(complete_sheet(category)) == ()


@pytest.mark.parametrize(
    ("category", "element"),
    [(category, element) for category in ProcedureCategory for element in required_elements(category)],
)
def test_each_missing_element_is_named(category: ProcedureCategory, element: str) -> None:
    sheet = complete_sheet(category)
    sheet["element"] = [row for row in sheet["element"] if row["id"] != element]
    assert missing_elements(sheet) == (f"Element {element} is missing: {BY_ID[element].says}.",)


def test_elements_are_unique_and_each_has_a_source() -> None:
    assert len(BY_ID) == len(ELEMENTS)
    assert all(element.source and element.says and element.categories for element in ELEMENTS)


def test_a_sheet_offers_enough_for_the_gate_to_open() -> None:
    """Fewer alternatives or questions on the sheet than the gate asks for would shut it for ever."""
    for preset in Preset:
        for category in ProcedureCategory:
            opened = parameter(preset, category, "alternatives_opened_min")
            asked = parameter(preset, category, "teach_back_min")
            assert opened is not None and LEAST_ALTERNATIVES.get(category, 1) >= opened.value
            assert asked is None or LEAST_QUESTIONS[category] >= asked.value


def changed(part: str, number: int | None, **fields: Any) -> Callable[[Sheet], None]:
    """Set fields of a part, or of one row of it; None takes the field out."""

    def change(sheet: Sheet) -> None:
        row = sheet[part] if number is None else sheet[part][number]
        for field, value in fields.items():
            if value is None:
                del row[field]
            else:
                row[field] = value

    return change


def replaced(part: str, value: Any) -> Callable[[Sheet], None]:
    def change(sheet: Sheet) -> None:
        sheet[part] = value

    return change


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda sheet: sheet.pop("sheet"), "The part [sheet] is missing."),
        (replaced("procedure", "x"), "The part [procedure] is missing."),
        (replaced("poem", []), "Unknown part [poem]."),
        (replaced("element", 5), "[[element]] must be a list of tables."),
        (changed("element", 1, id=None), "[[element]] number 2: id is missing or empty."),
        (changed("sheet", None, title=None), "[sheet]: title is missing or empty."),
        (changed("sheet", None, title=" "), "[sheet]: title is missing or empty."),
        (changed("sheet", None, colour="red"), "[sheet]: unknown field colour."),
        (changed("sheet", None, language="tlh"), "Unknown language 'tlh'; sheets are written in en or zh-Hans or"),
        (changed("sheet", None, approval="approved"), "approval must be 'needs-local-clinical-approval'"),
        (changed("sheet", None, version="1"), 'version must be major.minor, for example "1.0".'),
        (changed("sheet", None, version="01.0"), 'version must be major.minor, for example "1.0".'),
        (changed("sheet", None, sources=[]), "sources must name at least one public source."),
        (changed("sheet", None, sources=[" "]), "sources must name at least one public source."),
        (changed("sheet", None, reading_minutes=0), "reading_minutes is 0; an average reader needs 1."),
        (changed("sheet", None, reading_minutes="6"), "[sheet]: reading_minutes must be a whole number."),
        (changed("sheet", None, reading_minutes=True), "[sheet]: reading_minutes must be a whole number."),
        (changed("procedure", None, category="HAIR"), "Unknown category 'HAIR'."),
        (changed("procedure", None, needs_laterality="no"), "[procedure]: needs_laterality must be true or false."),
        (changed("element", 4, text="\n"), "[[element]] DE-05: text is missing or empty."),
        (changed("element", 4, id="DE-04"), "[[element]] DE-04: stands here more than once."),
        (changed("element", 4, id="DE-99"), "Unknown element DE-99."),
        (changed("element", 0, id="DX-1"), "Element DE-02 is missing: saying no or stopping changes nothing else."),
        (lambda sheet: sheet["element"].reverse(), "DE-02 must come first and DE-01 second"),
        (changed("alternative", 0, bad=""), "[[alternative]] choice-0: bad is missing or empty."),
        (changed("alternative", -1, key="wait"), "The last alternative must be 'nothing'"),
        (lambda sheet: sheet["alternative"].pop(0), "Too few alternatives besides 'nothing': 3 of at least 4."),
        (lambda sheet: sheet.pop("alternative"), "The last alternative must be 'nothing'"),
        (lambda sheet: sheet["teach_back"].pop(), "Too few teach-back questions: 4 of at least 5."),
        (changed("teach_back", 1, listen_for=None), "[[teach_back]] question-1: listen_for is missing or empty."),
    ],
)
def test_each_shortcoming_is_named(change: Callable[[Sheet], Any], complaint: str) -> None:
    sheet = complete_sheet()
    change(sheet)
    assert [sentence for sentence in missing_elements(sheet) if sentence.startswith(complaint)]


def test_everything_that_is_missing_is_named_at_once() -> None:
    assert len(missing_elements({})) > 5
    assert all(sentence.endswith(".") for sentence in missing_elements({}))


def test_reading_time_counts_words_or_characters() -> None:
    sheet = complete_sheet()
    sheet["element"][3]["text"] = "word " * 1000
    assert missing_elements(sheet) == ("reading_minutes is 1; an average reader needs 5.",)
    sheet["sheet"]["language"] = "zh-Hans"
    sheet["element"][3]["text"] = "字，" * 1000
    assert missing_elements(sheet)[0].startswith("reading_minutes is 1; an average reader needs")
