"""The sheets we ship: each complete, and each the same in every language."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from clinic.languages import RECORD_LANGUAGES
from consent.catalogue import read_sheets
from consent.rules.disclosure import LANGUAGES, missing_elements
from consent.rules.sheet_text import sheet_digest

SHEETS = dict(read_sheets())
KEYS = sorted({name.partition("/")[0] for name in SHEETS})
PROMISED = {
    "copper-iud-insertion",
    "iud-removal",
    "implant-insertion",
    "implant-removal",
    "tubal-ligation",
    "vasectomy",
    "early-abortion",
    "pregnancy-test",
    "hiv-test",
    "preconception-check",
    "minor-excision",
    "vaccination",
}
# The sheet that stands in every language a record is printed in, so that one record can be whole in each of them.
IN_ALL_LANGUAGES = "implant-removal"
each_sheet = pytest.mark.parametrize("name", SHEETS)


def structure(sheet: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that must be the same in every language."""
    return {
        "key": sheet["sheet"]["key"],
        "version": sheet["sheet"]["version"],
        "procedure": {field: value for field, value in sheet["procedure"].items() if field != "name"},
        "elements": [row["id"] for row in sheet["element"]],
        "alternatives": [row["key"] for row in sheet["alternative"]],
        "teach_back": [row["key"] for row in sheet.get("teach_back", [])],
    }


def languages_of(key: str) -> tuple[str, ...]:
    return RECORD_LANGUAGES if key == IN_ALL_LANGUAGES else LANGUAGES


def test_every_promised_sheet_is_there_in_every_language() -> None:
    assert set(KEYS) == PROMISED
    assert set(SHEETS) == {f"{key}/{language}.toml" for key in KEYS for language in languages_of(key)}


@each_sheet
def test_sheet_lacks_nothing(name: str) -> None:
    assert missing_elements(SHEETS[name]) == ()


@each_sheet
def test_sheet_stands_where_its_key_and_language_say(name: str) -> None:
    head = SHEETS[name]["sheet"]
    assert name == f"{head['key']}/{head['language']}.toml"
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", head["key"])


@pytest.mark.parametrize("key", KEYS)
def test_sheet_is_built_the_same_in_every_language(key: str) -> None:
    first, *others = (structure(SHEETS[f"{key}/{language}.toml"]) for language in languages_of(key))
    assert all(other == first for other in others)


@each_sheet
def test_sheet_is_plain_text(name: str) -> None:
    """No markup but list items, and no address that a patient would be sent to."""
    for row in SHEETS[name]["element"]:
        assert not re.search(r"https?:|www\.|\*\*|<[a-z/]|^#|\]\(", row["text"], re.MULTILINE), row["id"]


def test_every_sheet_has_words_of_its_own() -> None:
    assert len({sheet_digest(sheet) for sheet in SHEETS.values()}) == len(SHEETS)
