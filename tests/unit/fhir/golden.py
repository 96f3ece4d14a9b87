"""The golden files: a bundle of each release for each standing. `python -m tests.unit.fhir.golden` writes them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from consent.fhir import bundle_r4, consents_r5
from consent.fhir.releases import Release
from consent.fhir.states import Standing
from tests.unit.fhir.samples import facts_of, facts_without_word

FOLDER = Path(__file__).resolve().parents[2] / "vectors" / "fhir"
Case = tuple[str, Release, dict[str, Any]]


def cases() -> Iterator[Case]:
    """Name of the file, release, bundle."""
    for standing in Standing:
        facts = facts_of(standing)
        name = standing.replace(" ", "-")
        yield f"{name}-r4.json", Release.R4, bundle_r4(facts)
        yield f"{name}-r5.json", Release.R5, consents_r5(facts)
    yield "without-word-r4.json", Release.R4, bundle_r4(facts_without_word())


def text_of(bundle: dict[str, Any]) -> str:
    """A bundle for reading: one line each, so that a change shows where it is."""
    return json.dumps(bundle, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for name, _release, bundle in cases():
        (FOLDER / name).write_text(text_of(bundle), encoding="utf-8")
