"""What an information sheet must say, by kind of care; and what one sheet still lacks.

A sheet is a parsed TOML file (see `consent/catalogue/`): a head, the procedure, the elements in reading order, the
alternatives with their good and bad sides, and the questions the clinician asks afterwards. `missing_elements` names
everything that is missing or wrong, in sentences; a sheet for which it names anything is never published.

It can tell that something is said, not that it is said well: that is what the local clinical approval is for.

>>> required_elements(ProcedureCategory.VACC)[:3], required_elements(ProcedureCategory.VACC)[-1]
(('DE-01', 'DE-02', 'DE-03'), 'DV-6')
>>> missing_elements({})[0]
'The part [sheet] is missing.'
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from clinic.languages import RECORD_LANGUAGES
from clinic.vocabulary import Particular, ProcedureCategory
from consent.rules.elements import BY_ID, ELEMENTS
from consent.rules.sheet_text import canonical_content, least_reading_minutes, sheet_digest, words_of

__all__ = ["DOING_NOTHING", "canonical_content", "missing_elements", "required_elements", "sheet_digest"]

DOING_NOTHING = "nothing"  # the key of the alternative that every sheet offers
LANGUAGES = ("en", "zh-Hans")  # every sheet we ship stands in these, and may stand in each its record is printed in
APPROVAL = "needs-local-clinical-approval"

# Besides doing nothing; 1 where no number is set. One more than the gate asks the patient to open (CR-031).
LEAST_ALTERNATIVES = {ProcedureCategory.STER: 5, ProcedureCategory.LARC_IN: 4}
# As many as the gate asks to come back (CR-036); 0 where no number is set.
LEAST_QUESTIONS = {
    ProcedureCategory.STER: 7,
    ProcedureCategory.LARC_IN: 5,
    ProcedureCategory.ABRT: 4,
    ProcedureCategory.MAJOR: 4,
}

SINGLE_PARTS: Mapping[str, Mapping[str, type]] = {
    "sheet": {
        "key": str,
        "language": str,
        "version": str,
        "title": str,
        "approval": str,
        "reading_minutes": int,
        "sources": list,
    },
    "procedure": {"code": str, "category": str, "needs_laterality": bool, "name": str},
}
OPTIONAL_FIELDS: Mapping[str, Mapping[str, type]] = {
    "procedure": {"particular": str, "is_experimental": bool, "ethics_approval": str},
}
# What the rules must know of a kind of care beyond its category, and of which category it can be.
PARTICULARS = {
    Particular.PREGNANCY_TEST.value: ProcedureCategory.TEST,
    Particular.HYSTERECTOMY.value: ProcedureCategory.MAJOR,
}
REPEATED_PARTS: Mapping[str, Mapping[str, type]] = {
    "element": {"id": str, "heading": str, "text": str},
    "alternative": {"key": str, "name": str, "good": str, "bad": str},
    "teach_back": {"key": str, "question": str, "listen_for": str},
}
TYPE_NAMES = {str: "a text", int: "a whole number", bool: "true or false", list: "a list"}


def required_elements(category: ProcedureCategory) -> tuple[str, ...]:
    """The ids of all that must be told for this kind of care, in the order of the catalogue of elements."""
    return tuple(element.id for element in ELEMENTS if category in element.categories)


def missing_elements(sheet: Mapping[str, Any]) -> tuple[str, ...]:
    """Everything this sheet lacks or says wrongly, one sentence each; empty means it may be published.

    **Takes** the sheet as parsed from TOML. **Source** disclosure elements DE to DT; CR-031, CR-032, CR-036.
    """
    category = _category(sheet)
    return (
        *_misshapen(sheet),
        *_wrong_head(sheet),
        *_wrong_particular(sheet),
        *(
            _untold(sheet, category)
            if category
            else [f"Unknown category {_part(sheet, 'procedure').get('category')!r}."]
        ),
        *(_unoffered(sheet, category) if category else []),
        *_too_fast(sheet),
    )


def _misshapen(sheet: Mapping[str, Any]) -> Iterator[str]:
    """Parts and fields that are missing, unknown, empty or of the wrong type."""
    for part in sorted(set(sheet) - set(SINGLE_PARTS) - set(REPEATED_PARTS)):
        yield f"Unknown part [{part}]."
    for part, fields in SINGLE_PARTS.items():
        if isinstance(sheet.get(part), Mapping):
            yield from _misshapen_row(f"[{part}]", sheet[part], fields, OPTIONAL_FIELDS.get(part, {}))
        else:
            yield f"The part [{part}] is missing."
    for part, fields in REPEATED_PARTS.items():
        if _rows(sheet, part) != sheet.get(part, []):
            yield f"[[{part}]] must be a list of tables."
        for number, row in enumerate(_rows(sheet, part), start=1):
            name = row.get("id") or row.get("key") or f"number {number}"
            yield from _misshapen_row(f"[[{part}]] {name}", row, fields)
        repeated = Counter(str(row.get("id", row.get("key"))) for row in _rows(sheet, part))
        for name in sorted(name for name, times in repeated.items() if times > 1):
            yield f"[[{part}]] {name}: stands here more than once."


def _misshapen_row(
    name: str, row: Mapping[str, Any], fields: Mapping[str, type], optional: Mapping[str, type] | None = None
) -> Iterator[str]:
    present = {field: kind for field, kind in (optional or {}).items() if field in row}
    for field in sorted(set(row) - set(fields) - set(present)):
        yield f"{name}: unknown field {field}."
    for field, kind in {**fields, **present}.items():
        value = row.get(field)
        if value is None or (isinstance(value, str) and not value.strip()):
            yield f"{name}: {field} is missing or empty."
        elif type(value) is not kind:
            yield f"{name}: {field} must be {TYPE_NAMES[kind]}."


def _wrong_head(sheet: Mapping[str, Any]) -> Iterator[str]:
    head = _part(sheet, "sheet")
    if head.get("language") not in RECORD_LANGUAGES:
        yield f"Unknown language {head.get('language')!r}; sheets are written in {' or '.join(RECORD_LANGUAGES)}."
    if head.get("approval") != APPROVAL:
        yield f"approval must be {APPROVAL!r}: a sheet that is shipped has been approved by no clinic."
    if not re.fullmatch(r"[1-9][0-9]*\.(0|[1-9][0-9]*)", str(head.get("version"))):
        yield 'version must be major.minor, for example "1.0".'
    sources = head.get("sources")
    if not isinstance(sources, list) or not sources or not all(_is_said(source) for source in sources):
        yield "sources must name at least one public source."


def _wrong_particular(sheet: Mapping[str, Any]) -> Iterator[str]:
    """A particular that no rule knows, or that belongs to another kind of care."""
    row = _part(sheet, "procedure")
    particular = row.get("particular")
    if isinstance(particular, str) and particular not in PARTICULARS:
        yield f"Unknown particular {particular!r}; known are {' and '.join(PARTICULARS)}."
    elif isinstance(particular, str) and row.get("category") != PARTICULARS[particular].value:
        yield f"The particular {particular!r} is of the category {PARTICULARS[particular].value}."


def _untold(sheet: Mapping[str, Any], category: ProcedureCategory) -> Iterator[str]:
    """Elements that are missing, unknown, or told too late."""
    ids = [str(row.get("id")) for row in _rows(sheet, "element")]
    for required in required_elements(category):
        if required not in ids:
            yield f"Element {required} is missing: {BY_ID[required].says}."
    for unknown in sorted(set(ids) - set(BY_ID)):
        yield f"Unknown element {unknown}."
    if {"DE-01", "DE-02"} <= set(ids) and ids[:2] != ["DE-02", "DE-01"]:
        yield "DE-02 must come first and DE-01 second: a patient reads first that a no costs nothing."


def _unoffered(sheet: Mapping[str, Any], category: ProcedureCategory) -> Iterator[str]:
    """Alternatives and questions that are missing."""
    keys = [str(row.get("key")) for row in _rows(sheet, "alternative")]
    if keys[-1:] != [DOING_NOTHING]:
        yield f"The last alternative must be {DOING_NOTHING!r}: doing nothing is always one."
    others, least = len(set(keys) - {DOING_NOTHING}), LEAST_ALTERNATIVES.get(category, 1)
    if others < least:
        yield f"Too few alternatives besides {DOING_NOTHING!r}: {others} of at least {least}."
    questions, least = len(_rows(sheet, "teach_back")), LEAST_QUESTIONS.get(category, 0)
    if questions < least:
        yield f"Too few teach-back questions: {questions} of at least {least}."


def _too_fast(sheet: Mapping[str, Any]) -> Iterator[str]:
    head = _part(sheet, "sheet")
    texts = words_of(sheet)
    least, said = (
        least_reading_minutes(texts, language=str(head.get("language"))),
        head.get("reading_minutes"),
    )
    if isinstance(said, int) and said < least:
        yield f"reading_minutes is {said}; an average reader needs {least}."


def _category(sheet: Mapping[str, Any]) -> ProcedureCategory | None:
    code = _part(sheet, "procedure").get("category")
    return next((category for category in ProcedureCategory if category.value == code), None)


def _part(sheet: Mapping[str, Any], part: str) -> Mapping[str, Any]:
    found = sheet.get(part)
    return found if isinstance(found, Mapping) else {}


def _rows(sheet: Mapping[str, Any], part: str) -> list[Mapping[str, Any]]:
    found = sheet.get(part)
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []


def _is_said(text: object) -> bool:
    return isinstance(text, str) and bool(text.strip())
