"""`manage.py rules decide`: ask the gate about a case in a file, without a database.

The answer depends on the file and the options alone: not on the clock, the zone or the language of the machine.
"""

import datetime
import json
import zoneinfo
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandError

from clinic.vocabulary import Preset
from consent.facts import GateFacts
from consent.rules.facts_file import LARGEST_FILE, FactsRefused, read_facts
from consent.rules.facts_values import LEAVES, instant, written_instant
from consent.rules.gate import Stage, Unmet, Verdict, decide

NOT_ALLOWED, COULD_NOT_READ = 1, 2
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
MAY = {Stage.OFFER: "May be offered", Stage.SIGNING: "May be signed", Stage.START: "May start"}
HELP = "ask the gate about a case in a file: 0 allowed, 1 not allowed, 2 the file or the command is wrong"


def add_arguments(parser: ArgumentParser) -> None:
    """The options of `rules decide`."""
    parser.add_argument("facts", help="a facts file; docs/facts.md says how to write one")
    parser.add_argument("--preset", required=True, choices=[preset.value for preset in Preset])
    parser.add_argument("--at", required=True, help="the moment to ask about, such as 2027-02-14T10:00:00+08:00")
    parser.add_argument("--stage", required=True, choices=[stage.value for stage in Stage])
    parser.add_argument("--json", action="store_true", help="write one JSON object")


def answer(options: dict[str, Any]) -> tuple[str, int]:
    """What to print, and with which code to end. **Raises** CommandError where nothing can be asked."""
    facts = _facts(options["facts"], at=_moment(options["at"]), preset=Preset(options["preset"]))
    stage = Stage(options["stage"])
    verdict = decide(facts, stage=stage)
    if options["json"]:
        text = json.dumps(as_data(verdict, facts, stage), indent=2, sort_keys=True)
    else:
        text = "\n".join(as_text(verdict, facts, stage))
    return text, 0 if verdict.is_allowed else NOT_ALLOWED


def as_data(verdict: Verdict, facts: GateFacts, stage: Stage) -> dict[str, Any]:
    """The answer as data."""
    return {
        "allowed": verdict.is_allowed,
        "at": written_instant(facts.at),
        "category": facts.procedure.category.value,
        "particular": facts.procedure.particular.value,
        "preset": facts.preset.value,
        "stage": stage.value,
        "time_zone": facts.time_zone,
        "unmet": [_missing_as_data(missing, facts) for missing in verdict.unmet],
        "warnings": [_missing_as_data(missing, facts) for missing in verdict.warnings],
    }


def _missing_as_data(missing: Unmet, facts: GateFacts) -> dict[str, Any]:
    earliest = missing.earliest_at
    return {
        "detail": missing.detail,
        "earliest_at": written_instant(earliest) if earliest else None,
        "earliest_at_the_site": _at_the_site(earliest, facts).isoformat() if earliest else None,
        "effect": missing.effect.value,
        "facts": list(missing.fact_names),
        "is_unknown": missing.is_unknown,
        "mark": missing.mark,
        "requirement": missing.requirement_id,
        "rules": list(missing.rule_ids),
        "sentence": missing.sentence,
        "source": missing.source,
        "to_the_patient": missing.patient_sentence,
    }


def as_text(verdict: Verdict, facts: GateFacts, stage: Stage) -> Iterator[str]:
    """The answer for people."""
    asked = f"{stage.value}, {facts.procedure.category.value}, {facts.preset.value}, {_wall(facts.at, facts)}"
    yield f"{'Allowed' if verdict.is_allowed else 'Not allowed'}: {asked}"
    for missing in verdict.unmet:
        yield from ("", *_missing_as_text(missing, facts, stage))
    if verdict.warnings:
        yield from ("", "Warnings; they stop nothing, and are shown and recorded:")
    for missing in verdict.warnings:
        yield from ("", *_missing_as_text(missing, facts, stage))


def _missing_as_text(missing: Unmet, facts: GateFacts, stage: Stage) -> Iterator[str]:
    yield f"{', '.join(missing.rule_ids) or 'house'} {missing.requirement_id} ({missing.effect.value})"
    yield f"  {missing.sentence}"
    if missing.detail:
        yield f"  {missing.detail}"
    if missing.earliest_at:
        yield f"  {MAY[stage]} from {_wall(missing.earliest_at, facts)}"
    if missing.fact_names:
        yield f"  Facts: {', '.join(missing.fact_names)}"
    yield f"  Source: {missing.source}"


def _at_the_site(at: datetime.datetime, facts: GateFacts) -> datetime.datetime:
    return at.astimezone(zoneinfo.ZoneInfo(facts.time_zone))


def _wall(at: datetime.datetime, facts: GateFacts) -> str:
    """A time as people at the site say it: 14 February 2027, 10:00 (Asia/Shanghai)."""
    wall = _at_the_site(at, facts)
    wall += datetime.timedelta(microseconds=-wall.microsecond % 1_000_000)  # never a moment too early
    clock = wall.strftime("%H:%M:%S" if wall.second else "%H:%M")
    return f"{wall.day} {MONTHS[wall.month - 1]} {wall.year}, {clock} ({facts.time_zone})"


def _moment(text: str) -> datetime.datetime:
    try:
        return instant(text)
    except ValueError as error:
        expected = LEAVES[datetime.datetime].expected
        raise CommandError(f"--at: expected {expected}; found {text!r}", returncode=COULD_NOT_READ) from error


def _facts(name: str, *, at: datetime.datetime, preset: Preset) -> GateFacts:
    try:
        with open(name, "rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise CommandError(f"{name!r} cannot be opened: {error}", returncode=COULD_NOT_READ) from error
    try:
        return read_facts(content, at=at, preset=preset)
    except FactsRefused as refusal:
        message = f"{name!r} is not a case that the gate can be asked about:\n{refusal}"
        raise CommandError(message, returncode=COULD_NOT_READ) from refusal
