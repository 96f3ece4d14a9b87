"""Collects every message of the project into its one catalogue: clinic/locale/<language>/LC_MESSAGES/django.po.

python .ci/collect_messages.py            bring the catalogue up to date; new messages come without words
python .ci/collect_messages.py --check    change nothing; name what is missing or no longer needed, exit code 1

The same sources give the same bytes: no dates, no line numbers, messages in the order of their places. Translations
are kept by context and message; a message that changed is a new one, never a guess.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("clinic", "consent")
CATALOGUE = ROOT / "clinic" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
KEYWORDS = (
    "gettext_noop",
    "gettext_lazy",
    "ngettext_lazy:1,2",
    "pgettext:1c,2",
    "pgettext_lazy:1c,2",
    "npgettext:1c,2,3",
    "npgettext_lazy:1c,2,3",
)
HEADER = {
    "Project-Id-Version": "Freely Given",
    "PO-Revision-Date": "kept by git",
    "Last-Translator": "The Freely Given authors",
    "Language-Team": "Simplified Chinese",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


def sources() -> Iterator[Path]:
    """Every Python file and every template of both floors, by path from the root, in a fixed order."""
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*")):
            is_python = path.suffix == ".py" and "migrations" not in path.parts
            is_template = path.suffix in {".html", ".txt"} and "templates" in path.parts
            if is_python or is_template:
                yield path.relative_to(ROOT)


def copy_for_xgettext(path: Path, folder: Path) -> None:
    """Put a source where xgettext reads it; Django turns a template into something that looks like Python."""
    text = (ROOT / path).read_text(encoding="utf-8")
    copy = folder / path
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_text(text if path.suffix == ".py" else templatize(text, origin=str(path)), encoding="utf-8")


def collect() -> polib.POFile:
    """All messages of the sources, without words, as xgettext finds them."""
    with tempfile.TemporaryDirectory(prefix="messages-") as name:
        folder = Path(name)
        paths = list(sources())
        for path in paths:
            copy_for_xgettext(path, folder)
        command = ["xgettext", "--language=Python", "--from-code=UTF-8", "--no-wrap", "--add-location=file"]
        command += ["--add-comments=Translators", *(f"--keyword={keyword}" for keyword in KEYWORDS)]
        command += ["--output=messages.pot", *(path.as_posix() for path in paths)]
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"xgettext could not read the sources: {done.stderr.rstrip()}")
        return polib.pofile(str(folder / "messages.pot"))


def key(entry: polib.POEntry) -> tuple[str, str, str]:
    """What makes a message itself: its context, its words and its words for several."""
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def merge(collected: polib.POFile, known: polib.POFile) -> polib.POFile:
    """The collected messages with the words that are known already."""
    words = {key(entry): entry for entry in known}
    merged = polib.POFile(wrapwidth=0)
    merged.metadata = dict(HEADER)
    for entry in collected:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: ""}
        if key(entry) in words:
            entry.msgstr = words[key(entry)].msgstr
            entry.msgstr_plural = words[key(entry)].msgstr_plural
        merged.append(entry)
    return merged


def differences(collected: polib.POFile, known: polib.POFile) -> list[str]:
    """One line for each message that is missing from the catalogue or no longer needed in it."""
    wanted, there = ({key(entry): entry for entry in catalogue} for catalogue in (collected, known))
    missing = [
        f"missing: {entry.msgid!r} ({entry.occurrences[0][0]})" for each, entry in wanted.items() if each not in there
    ]
    return missing + [f"no longer needed: {entry.msgid!r}" for each, entry in there.items() if each not in wanted]


def main() -> int:
    collected, known = collect(), polib.pofile(str(CATALOGUE), wrapwidth=0) if CATALOGUE.is_file() else polib.POFile()
    if "--check" in sys.argv[1:]:
        found = differences(collected, known)
        print("\n".join(found) or f"{len(known)} messages, all up to date")
        return 1 if found else 0
    merged = merge(collected, known)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    merged.save(str(CATALOGUE))
    print(f"{len(merged)} messages, {len(merged.untranslated_entries())} without words")
    return 0


if __name__ == "__main__":
    sys.exit(main())
