"""The messages that can stand on what a patient takes home: what its languages need, and nothing of our own pages.

Her record, slip, archive, extract and note of attendance. Found by name in the sources: a whole file, or only the
tables and functions of it that one of these prints.

python .ci/record_messages.py           write the catalogues of the record languages anew, keeping the words they have
python .ci/record_messages.py --check   say what differs; exit 1
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "clinic" / "locale"
# The languages that have the words of a record only. English needs none, Chinese has those of every page.
PLURALS = {
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
    "n%100>=11 && n%100<=99 ? 4 : 5;",
    "es": "nplurals=3; plural=n == 1 ? 0 : n != 0 && n % 1000000 == 0 ? 1 : 2;",
    "fr": "nplurals=2; plural=(n > 1);",
    "hi": "nplurals=2; plural=(n != 1);",
}
NAMES = {"ar": "Arabic", "es": "Spanish", "fr": "French", "hi": "Hindi"}
NOTE = "Needs approval by a native speaker and by the local clinic before use."
EVERYTHING: frozenset[str] = frozenset()
PRINTED: dict[str, frozenset[str]] = {
    "clinic/wording.py": frozenset(
        {
            "LATERALITY_WORDS",
            "ROLE_WORDS",
            "APPOINTMENT_WORDS",
            "ACCESS_NEED_WORDS",
            "CATEGORY_WORDS",
            "PAGE_WORDS",
        }
    ),
    "consent/record/labels.py": EVERYTHING,
    "consent/record/slip_labels.py": EVERYTHING,
    "consent/record/paper_form_labels.py": EVERYTHING,
    "consent/wording.py": frozenset(
        {
            "STATE_WORDS",
            "PATIENT_STATE_SENTENCES",
            "ENTRY_WORDS",
            "METHOD_DONE_WORDS",
            "STATEMENTS",
            "PAGE_WORDS",
            "OTHER_PAGE_WORDS",
            "_CONSENT_PAGE",
            "_REMOVAL_PAGE",
        }
    ),
    "consent/wording_talk.py": frozenset(
        {
            "PERSON_ROLE_WORDS",
            "REQUEST_SOURCE_WORDS",
            "INTERPRETER_WORDS",
            "GUARDIAN_RELATION_WORDS",
            "CANNOT_CONSENT_WORDS",
            "GROUNDS_WORDS",
            "REVIEW_FINDING_WORDS",
        }
    ),
    "consent/wording_ability.py": frozenset({"OWN_FINDING_WORDS", "OWN_NOTE_WORDS", "GUARDIAN_DECISION_WORDS"}),
    "consent/queries/record.py": EVERYTHING,
    "consent/queries/record_language.py": EVERYTHING,
    "consent/queries/record_talks.py": EVERYTHING,
    "consent/queries/record_papers.py": EVERYTHING,
    "consent/wording_paper.py": frozenset({"PAPER_FAULT_WORDS"}),
    "consent/queries/emergency_record.py": EVERYTHING,
    "consent/queries/ability.py": frozenset({"own_lines", "day_of", "_with_support"}),
    "consent/queries/waits.py": frozenset({"certificates", "own_lines", "_answered"}),
    "consent/queries/redactions.py": frozenset({"erased_line"}),
    "consent/wording_voice.py": frozenset({"COMPLAINT_CATEGORY_WORDS", "CORRECTION_OUTCOME_WORDS"}),
    "consent/queries/complaints.py": frozenset({"STATE_WORDS"}),
    "consent/queries/corrections.py": frozenset({"OWN_DETAILS"}),
    "consent/queries/patient_pages.py": frozenset({"looks_at"}),
    "consent/queries/own_bundle_pages.py": EVERYTHING,
    "consent/queries/own_extract.py": EVERYTHING,
    "consent/queries/fhir_facts.py": EVERYTHING,
}
WITH_CONTEXT = frozenset({"pgettext", "pgettext_lazy"})
MARKS = WITH_CONTEXT | {"_", "gettext", "gettext_lazy", "gettext_noop"}
Key = tuple[str, str]  # context, message


def record_messages() -> dict[Key, str]:
    """Every message that can stand on what she takes home, with the file it stands in."""
    return {key: file for file, names in PRINTED.items() for key in _in_file(file, names)}


def _in_file(file: str, names: frozenset[str]) -> Iterator[Key]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    parts = {name: node for node in tree.body for name in _names(node)}
    if not names <= parts.keys():
        sys.exit(f"{file} has no {', '.join(sorted(names - parts.keys()))}")
    for name in [one for one in parts if not names or one in names]:  # as they stand in the file: the same each time
        for node in ast.walk(parts[name]):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
                texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
                if texts:
                    yield ("", texts[0]) if node.func.id not in WITH_CONTEXT else (texts[0], texts[1])


def _names(node: ast.stmt) -> Iterator[str]:
    """The names that a statement at the top of a module gives."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    if isinstance(node, ast.Assign):
        yield from (name.id for name in node.targets if isinstance(name, ast.Name))
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def catalogue(language: str) -> Path:
    """Where the words of a language stand."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def known_words(language: str) -> dict[Key, polib.POEntry]:
    """The messages a language has by now."""
    path = catalogue(language)
    found = polib.pofile(str(path), wrapwidth=0) if path.is_file() else polib.POFile()
    return {(entry.msgctxt or "", entry.msgid): entry for entry in found}


def written_anew(language: str) -> polib.POFile:
    """The catalogue of a language with exactly these messages."""
    known = known_words(language)
    made = polib.POFile(wrapwidth=0)
    made.header = NOTE
    made.metadata = {
        "Project-Id-Version": "Freely Given",
        "PO-Revision-Date": "kept by git",
        "Last-Translator": "The Freely Given authors",
        "Language-Team": NAMES[language],
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    for (context, message), file in record_messages().items():
        words = known[context, message].msgstr if (context, message) in known else ""
        made.append(polib.POEntry(msgctxt=context or None, msgid=message, msgstr=words, occurrences=[(file, "")]))
    return made


def differences(language: str) -> list[str]:
    """One line for each message that a catalogue lacks or no longer needs."""
    wanted, known = record_messages(), known_words(language)
    lacking = [f"{language}: no words for {key[1]!r}" for key in wanted if key not in known or not known[key].msgstr]
    return lacking + [f"{language}: no longer needed: {key[1]!r}" for key in known if key not in wanted]


def main() -> int:
    if "--check" in sys.argv[1:]:
        found = [line for language in PLURALS for line in differences(language)]
        print("\n".join(found) or f"{len(record_messages())} messages in {len(PLURALS)} languages, all up to date")
        return 1 if found else 0
    for language in PLURALS:
        catalogue(language).parent.mkdir(parents=True, exist_ok=True)
        made = written_anew(language)
        made.save(str(catalogue(language)))
        print(f"{language}: {len(made)} messages, {len(made.untranslated_entries())} without words")
    return 0


if __name__ == "__main__":
    sys.exit(main())
