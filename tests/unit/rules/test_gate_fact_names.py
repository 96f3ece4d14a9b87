"""Which facts the gate says it judged by: those in play at that stage, and no other."""

import datetime
from dataclasses import replace

import pytest

from clinic.vocabulary import Preset, ProcedureCategory
from consent.facts import GateFacts
from consent.rules.gate import REQUIREMENTS, Stage, Unmet, decide
from consent.rules.policy import effective_table
from consent.vocabulary import Decision
from tests.unit.rules.cases import consent, good_case, offer
from tests.unit.rules.truth_table import BROKEN, OFFICE, Row, guarded, interpreted
from tests.unit.rules.truth_table_unknown import UNKNOWN

BY_ID = {requirement.id: requirement for requirement in REQUIREMENTS}
MINOR = ProcedureCategory.MINOR
FINDINGS = ("conversation.capacity", "ability.findings")
AGE = ("birth_date", "time_zone")
SPOKEN = ("conversation.patient_languages", "conversation.spoken_language", "conversation.text_language")
INTERPRETER = ("conversation.interpreter_qualification", "conversation.interpreter_is_companion")
SHEET = ("offer.sheet_language", "offer.patient_languages", "offer.reading_aid")
OPERATOR = ("consent.operator_id", "procedure.operator_id")
ABLE, GUARDIANS, GIVEN = "ability.is_able_young_person", "ability.guardians", "consent.given_at"
OFFER, SIGNING, START = Stage.OFFER, Stage.SIGNING, Stage.START

NAMES: list[tuple[str, str, Stage, tuple[str, ...]]] = [
    ("consent-state", "withdrawn", SIGNING, ("consent.state",)),
    ("consent-state", "withdrawn", START, ("consent.state", "consent.decision")),
    ("right-operator", "patient told of another", SIGNING, OPERATOR),
    ("right-operator", "patient told of another", START, (*OPERATOR, "starting_operator_id")),
    ("capacity", "in doubt, nobody assessed", SIGNING, FINDINGS),
    ("capacity", "in doubt in an earlier talk", SIGNING, (*FINDINGS, "conversation.doubted_at")),
    ("capacity", "able before the doubt", SIGNING, FINDINGS),
    ("capacity", "able before an older doubt", SIGNING, (*FINDINGS, "conversation.doubted_at")),
    ("guardian-word", "guardian says no", SIGNING, (*AGE, GUARDIANS)),
    ("guardian-word", "guardian says no", START, (*AGE, GIVEN, GUARDIANS)),
    ("guardian-word", "not able, never on a guardian's word", SIGNING, (*AGE, ABLE)),
    ("guardian-word", "not able, never on a guardian's word", START, (*AGE, GIVEN, ABLE)),
    ("excluded-subjects", "declared unable", OFFER, ("offer.excluded_as",)),
    ("signing-moment", "in labour", SIGNING, ("conversation.signing_states",)),
    ("understanding", "six", START, ("conversation.teach_back_asked", "conversation.teach_back_understood")),
    ("alternatives-opened", "three", START, ("conversation.alternatives_opened",)),
    ("request-source", "an office", OFFER, ("offer.request_source",)),
    ("request-source", "an office", START, ("conversation.request_source",)),
    ("sheet-in-language", "foreign, read aloud as it stands", OFFER, SHEET),
    ("interpreter", "foreign text, nobody interpreted", START, SPOKEN),
    ("interpreter", "unqualified", START, (*SPOKEN, *INTERPRETER)),
    ("interpreter-statement", "not signed", START, ("conversation", "consent.interpreter_stated_at")),
    ("accessible-mode", "not asked", OFFER, ("offer.access_needs",)),
    ("accessible-mode", "no aid recorded", OFFER, ("offer.access_needs", "offer.reading_aid")),
    ("accessible-mode", "no aid recorded", SIGNING, ("offer.access_needs", "conversation.reading_aids")),
]


def unmet_of(row: Row, stage: Stage) -> Unmet:
    facts = row.change(good_case(row.category, stage=stage, particular=row.particular))
    verdict = decide(facts, stage=stage, law=effective_table(Preset.STRICT_DEFAULT, row.overrides or None))
    (found,) = [one for one in (*verdict.unmet, *verdict.warnings) if one.requirement_id == row.requirement]
    return found


@pytest.mark.parametrize(("requirement", "what", "stage", "names"), NAMES)
def test_the_gate_names_the_facts_it_judged_by(
    requirement: str, what: str, stage: Stage, names: tuple[str, ...]
) -> None:
    row = next(one for one in (*BROKEN, *UNKNOWN) if (one.requirement, one.what) == (requirement, what))
    assert unmet_of(row, stage).fact_names == names


def names_of(facts: GateFacts, requirement: str, *, stage: Stage, preset: Preset) -> tuple[str, ...] | None:
    found = decide(facts, stage=stage, law=effective_table(preset, None)).unmet
    return next((one.fact_names for one in found if one.requirement_id == requirement), None)


@pytest.mark.parametrize(
    ("able", "decisions", "names"),
    [
        (None, (), (*AGE, ABLE, GUARDIANS)),
        (False, (), (*AGE, ABLE, GUARDIANS)),
        (False, (Decision.DENY,), (*AGE, ABLE, GUARDIANS)),
        (None, (Decision.PERMIT,), None),
        (True, (), None),
        (True, (Decision.DENY,), None),
    ],
)
def test_where_a_note_or_a_guardian_would_do_both_are_named(
    able: bool | None, decisions: tuple[Decision, ...], names: tuple[str, ...] | None
) -> None:
    facts = guarded(good_case(MINOR, stage=SIGNING, preset=Preset.ENGLAND), *decisions, able=able)
    fifteen = replace(facts, birth_date=datetime.date(2012, 1, 1))
    assert names_of(fifteen, "guardian-word", stage=SIGNING, preset=Preset.ENGLAND) == names


@pytest.mark.parametrize(("born", "is_heard_alone"), [("2011-06-15", True), ("2011-06-16", False)])
def test_somebody_is_presumed_able_from_the_birthday_on(born: str, is_heard_alone: bool) -> None:
    facts = good_case(MINOR, stage=SIGNING, preset=Preset.ENGLAND)
    facts = replace(facts, birth_date=datetime.date.fromisoformat(born))
    assert (names_of(facts, "guardian-word", stage=SIGNING, preset=Preset.ENGLAND) is None) == is_heard_alone


def test_an_office_that_asked_at_the_offer_has_asked() -> None:
    facts = offer(good_case(), request_source=OFFICE)
    names = names_of(facts, "request-source", stage=START, preset=Preset.STRICT_DEFAULT)
    assert names == ("conversation.request_source",)


def test_an_interpreter_who_states_just_now_has_stated() -> None:
    facts = interpreted(good_case(stage=SIGNING))
    just_now = consent(facts, interpreter_stated_at=facts.at)
    assert names_of(just_now, "interpreter-statement", stage=SIGNING, preset=Preset.STRICT_DEFAULT) is None
