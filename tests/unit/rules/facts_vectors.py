"""Writes the facts files under `tests/vectors/facts`, so that anybody can ask the gate about a known case.

For each kind of care and each stage there is the good case of `cases`, in which everything is in order; and there are
the 24 published timing vectors, each a good sterilisation moved to its times. What the gate must say of them is not
written here: it stands in `tests/vectors/good_cases.json` and `tests/vectors/timing_vectors.json`.

After a change to the facts or to the good cases run `python -m tests.unit.rules.facts_vectors`; a test fails when a
file is stale.
"""

import datetime
import json
import zoneinfo
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from clinic.vocabulary import Particular, Preset, ProcedureCategory
from consent.facts import AbdominalEmergencyFacts, GateFacts, PrematureBirthFacts, ShorterWaitFacts, WaitFacts
from consent.rules.facts_file import facts_document, facts_from
from consent.rules.facts_values import written_instant
from consent.rules.gate import Stage
from consent.vocabulary import ConsentState, SigningState
from tests.unit.rules.cases import DAY, HOUR, OPERATOR, PROFILES, STARTS_AT, consent, good_case, procedure, talk

VECTORS = Path(__file__).resolve().parents[2] / "vectors"
ZONES = {Preset.US_FEDERAL: "America/New_York", Preset.ENGLAND: "Europe/London"}

# Signed when, on the wall of the site; where nothing else is said here, the 15th of January at ten.
SIGNED = {
    "TV-05a": "2027-03-02T16:00",
    "TV-05b": "2027-01-12T16:00",
    "TV-06": "2027-04-20T10:00",
    "TV-07": "2027-05-03T10:00",
    "TV-08a": "2027-03-12T09:00",
    "TV-08b": "2027-03-12T09:00",
    "TV-09a": "2027-02-28T10:00",
    "TV-09b": "2027-02-28T10:00",
    "TV-10a": "2025-02-28T10:00",
    "TV-10b": "2025-03-01T10:00",
    "TV-13a": "2027-01-15T09:00",
    "TV-13b": "2027-01-15T16:00",
    "TV-14a": "2027-01-15T08:00",
    "TV-14b": "2027-01-15T16:00",
}
BORN = {"TV-09": "2006-03-01", "TV-10": "2004-02-29"}


def vectors() -> list[dict[str, Any]]:
    """The rows of the timing vectors, with what the gate must say."""
    return json.loads((VECTORS / "timing_vectors.json").read_text(encoding="utf-8"))["vectors"]


def files() -> Iterator[tuple[Path, str]]:
    """Every facts file and what must stand in it."""
    for row in good_rows():
        yield VECTORS / row["facts"], _page(good_facts(row))
    for row in vectors():
        yield VECTORS / row["facts"], _page(timing_facts(row))
    yield VECTORS / "good_cases.json", json.dumps({"cases": good_rows()}, indent=2) + "\n"


def good_rows() -> list[dict[str, Any]]:
    """For each kind of care and stage, the file in which all is in order, under every preset."""
    return [
        {
            "facts": f"facts/{'-'.join(filter(None, [category, particular, stage]))}.json",
            "category": category.value,
            "particular": particular.value,
            "stage": stage.value,
            "at": written_instant(STARTS_AT),
        }
        for category, particular in PROFILES
        for stage in Stage
    ]


def good_facts(row: dict[str, Any]) -> GateFacts:
    """The good case of one row."""
    category, particular = ProcedureCategory(row["category"]), Particular(row["particular"])
    return good_case(category, stage=Stage(row["stage"]), particular=particular)


def timing_facts(row: dict[str, Any]) -> GateFacts:
    """A good sterilisation, moved: what came up to signing goes with the signature, what came after with the start."""
    name, preset = row["id"], Preset(row["preset"])
    zone = ZONES.get(preset, "Asia/Shanghai") if name != "TV-12" else "Asia/Shanghai"
    wall = datetime.datetime.fromisoformat(SIGNED.get(name, "2027-01-15T10:00"))
    signed_at = wall.replace(tzinfo=zoneinfo.ZoneInfo(zone)).astimezone(datetime.UTC)
    starts_at = datetime.datetime.fromisoformat(row["at"]).astimezone(datetime.UTC)
    facts = replace(_moved(good_case(preset=preset), signed_at, starts_at), time_zone=zone)
    return _with_its_own(facts, name)


def _moved(facts: GateFacts, signed_at: datetime.datetime, starts_at: datetime.datetime) -> GateFacts:
    assert facts.consent is not None and facts.consent.given_at is not None
    signed_before, started_before = facts.consent.given_at, facts.at

    def moved(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: moved(part) for key, part in value.items()}
        if not isinstance(value, str) or "T" not in value or not value.endswith("Z"):
            return value
        at = datetime.datetime.fromisoformat(value)
        by = signed_at - signed_before if at <= signed_before + HOUR / 2 else starts_at - started_before
        return written_instant(at + by)

    return facts_from(moved(facts_document(facts)), at=starts_at, preset=facts.preset)


def _with_its_own(facts: GateFacts, name: str) -> GateFacts:
    """What one vector says beyond its times."""
    if born := BORN.get(name[:5]):
        return replace(facts, birth_date=datetime.date.fromisoformat(born))
    if name == "TV-11":
        return talk(facts, signing_states=(SigningState.LABOUR,))
    if name == "TV-12":
        assert facts.past is not None
        taken_back_at = facts.at - datetime.timedelta(minutes=1)
        past = replace(facts.past, last_no_at=taken_back_at, last_withdrawal_at=taken_back_at)
        return consent(replace(facts, past=past), state=ConsentState.WITHDRAWN)
    if name.startswith("TV-14"):
        return procedure(facts, accompanies_birth=True)
    return replace(facts, waits=_waits(facts, name), open_holds=1 if name == "TV-15c" else 0)


def _waits(facts: GateFacts, name: str) -> WaitFacts | None:
    """What was certified or agreed towards a shorter wait."""
    certified_at = facts.at - HOUR
    if name in {"TV-06", "TV-07"}:
        birth = PrematureBirthFacts(
            expected_on=datetime.date(2027, 6, 1),
            born_on=(facts.at - DAY).date(),
            certified_at=certified_at,
            certified_by=OPERATOR,
        )
        return WaitFacts(premature_birth=birth)
    if name.startswith("TV-08"):
        return WaitFacts(
            abdominal_emergency=AbdominalEmergencyFacts(
                is_described=True, certified_at=certified_at, certified_by=OPERATOR
            )
        )
    if name.startswith("TV-15"):
        return WaitFacts(
            shorter_wait=ShorterWaitFacts(
                asked_at=facts.at - 2 * DAY,
                was_asked_by_patient=True,
                answered_at=facts.at - DAY,
                is_agreed=True,
                was_private=True,
                is_outside_team=True,
                after_birth_or_abortion_72h=False,
            )
        )
    return facts.waits


def _page(facts: GateFacts) -> str:
    return json.dumps(facts_document(facts), indent=2, ensure_ascii=False) + "\n"


def write() -> None:
    """Write every file anew."""
    for path, page in files():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    write()
