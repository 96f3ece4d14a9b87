"""What she takes home in her language is whole: each language of a record has every word that can stand on it."""

import re
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from clinic.languages import LANGUAGE_NAMES, RECORD_LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "clinic" / "locale"
# English needs no catalogue; the Chinese one is that of every page, and test_messages.py looks after it.
OWN = [language for language in RECORD_LANGUAGES if language not in {"en", "zh-Hans"}]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
LETTERS = {"ar": r"[\u0600-\u06ff]", "hi": r"[\u0900-\u097f]", "fr": "[a-zà-ÿœ]", "es": "[a-zà-ÿ]"}
# French and Spanish share these words with English.
SAME = {"Version", "Signature", "Signatures", "Question", "Parent", "Police"}
# Names of files in her archive, and the word on a button of the program: the same in every language.
NAMED = re.compile(r"record\.(pdf|html|json)|freely_given_verify\.(py|html)|[“«] ?(record|policy|Check) ?[”»]")
PATTERNS = {"j F Y", "{day} {month} {year}", "{date}, {clock} ({offset})"}
each_language = pytest.mark.parametrize("language", OWN)


def words_of(language: str) -> polib.POFile:
    return polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "django.po"))


def test_every_language_of_a_record_has_its_folder_and_its_name() -> None:
    assert {path.name for path in LOCALE.iterdir()} == {"zh_Hans", *OWN}
    assert set(LETTERS) == set(OWN)
    assert set(RECORD_LANGUAGES) <= set(LANGUAGE_NAMES)


def test_the_catalogues_hold_the_words_of_a_record_and_no_more() -> None:
    command = [sys.executable, ".ci/record_messages.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\nBring it up to date with: make messages"
    assert "all up to date" in done.stdout


@each_language
def test_nothing_is_unsure_and_a_native_speaker_is_asked_for(language: str) -> None:
    words = words_of(language)
    assert [entry.msgid for entry in words if entry.fuzzy or entry.obsolete] == []
    assert words.header == "Needs approval by a native speaker and by the local clinic before use."
    assert words.metadata["Language"] == language
    assert re.fullmatch(r"nplurals=[1-6]; plural=[^;]+;", words.metadata["Plural-Forms"])


@each_language
def test_placeholders_are_kept(language: str) -> None:
    changed = {
        entry.msgid: entry.msgstr
        for entry in words_of(language)
        if sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(PLACEHOLDER.findall(entry.msgstr))
    }
    assert changed == {}


@each_language
def test_nothing_is_left_in_english(language: str) -> None:
    left = {}
    for entry in words_of(language):
        bare = NAMED.sub("", PLACEHOLDER.sub("", entry.msgstr))
        is_theirs = re.search(LETTERS[language], bare, re.IGNORECASE) and entry.msgid != entry.msgstr
        is_mixed = language in {"ar", "hi"} and re.search("[A-Za-z]", bare)
        if entry.msgid not in PATTERNS | SAME and (is_mixed or not is_theirs):
            left[entry.msgid] = entry.msgstr
    assert left == {}


@each_language
def test_the_language_is_addressed_to_her(language: str) -> None:
    """She is spoken to as one person, politely, and in Arabic and Hindi as a woman."""
    said = {entry.msgid: entry.msgstr for entry in words_of(language)}
    yes = {"ar": "قلتِ نعم", "hi": "आप", "fr": "Vous avez dit oui", "es": "Usted dijo que sí"}
    assert said["You said yes. You can take it back at any time."].startswith(yes[language])
    familiar = {
        "ar": r"\bأنتَ\b",
        "hi": r"\b(तुम|तू|तुम्हें)\b",
        "fr": r"\b([Tt]u|[Tt]oi|[Tt]es)\b",
        "es": r"\b([Tt]ú|[Tt]us)\b",
    }
    assert [words for words in said.values() if re.search(familiar[language], words)] == []
