"""What the database itself refuses, whoever writes and by whatever way: each constraint, with a row that only it stops.

The rows are written past every action and every model: this is the last wall, for the day when a program forgets.
"""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from clinic import clock
from consent.actions.refuse import refuse_consent
from consent.actions.start_procedure import start_procedure
from consent.actions.withdraw import withdraw_consent
from consent.models import (
    AlternativeOpened,
    CapacityAssessment,
    Complaint,
    Consent,
    Conversation,
    CopyHandover,
    CorrectionAnswer,
    CorrectionRequest,
    EmergencyCare,
    EmergencyReview,
    ErasureRequest,
    GuardianWord,
    Hold,
    InformationSheetVersion,
    Ledger,
    LedgerBinding,
    LedgerCheckpoint,
    LedgerCosignature,
    LedgerEntry,
    LedgerKey,
    LedgerLeaf,
    LedgerStamp,
    LedgerTile,
    PaperCheck,
    PaperScan,
    PersonPresent,
    PolicyVersion,
    ProcedureEnd,
    ProcedureStart,
    QuestionAsked,
    RedactedRow,
    RemovalEnd,
    RemovalRequest,
    Signature,
    TalkDraft,
    TeachBack,
    TheatreAddition,
)
from consent.vocabulary import Via
from tests.factories import House
from tests.integration.consent import acts
from tests.integration.ledger.pen import hold_entry
from tests.story_ledger import SMALL_TILE, cosign, small_tiles, stamp
from tests.story_removals import asked
from tests.story_voice import wished as correction_asked

Write = Callable[[], Any]
Case = Callable[[House], Write]  # makes what has to be there first, and gives the write that must be refused


def ended(house: House) -> Consent:
    return withdraw_consent(consent_id=house.given().pk, by=house.midwife.account, via=Via.SPOKEN_TO_STAFF).consent


def refused(house: House) -> Consent:
    return refuse_consent(consent_id=house.informed().pk, by=house.midwife.account, via=Via.SPOKEN_TO_STAFF)


def started(house: House) -> ProcedureStart:
    start = start_procedure(procedure_id=house.ready().procedure_id, by=house.midwife.account).start
    assert start is not None
    return start


def changed(make: Callable[[House], Consent], **values: Any) -> Case:
    """One consent in this place of its life, with other values."""

    def case(house: House) -> Write:
        rows = Consent._base_manager.filter(pk=make(house).pk)
        return lambda: rows.update(**values)

    return case


def copied(model: type[models.Model], make: Callable[[House], Any], **values: Any) -> Case:
    """A row that stands beside its original and differs in nothing but these values; a function makes its value."""

    def case(house: House) -> Write:
        make(house)
        rows = model._base_manager.all()
        row = (rows.filter(subject__isnull=False) if model is LedgerEntry else rows)[0]
        kept = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
        fresh = {name: uuid.uuid4() for name in ("id", "form_key") if name in kept}
        made = {name: value(house) if callable(value) else value for name, value in values.items()}
        return lambda: model(**(kept | fresh | made)).save(force_insert=True)

    return case


def brought(house: House) -> uuid.UUID:
    return acts.ACTS["receive_paper"](house)().pk


def somebody_else(house: House) -> uuid.UUID:
    return house.administrator.pk


def ends(**values: Any) -> Case:
    """The end of a procedure that has been started."""

    def case(house: House) -> Write:
        end = ProcedureEnd(start=started(house), ended_by=house.midwife.account, ended_at=clock.now(), **values)
        return lambda: end.save(force_insert=True)

    return case


def refused_by_the_database(write: Write) -> str:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write()
    return str(refusal.value)


def done(act: str) -> Callable[[House], Any]:
    """The row that one of the acts writes."""
    return lambda house: acts.ACTS[act](house)()


def planned(house: House) -> uuid.UUID:
    return house.procedure().pk


def declared(house: House) -> uuid.UUID:
    return acts.ACTS["declare_emergency"](house)().row.pk


def wished(house: House) -> uuid.UUID:
    return asked(house, house.patient("Test Patient Two")).pk


def mistaken(house: House) -> uuid.UUID:
    return correction_asked(house).pk


def some_entry(_house: House) -> uuid.UUID:
    return LedgerEntry.objects.all()[0].pk


def proven(house: House) -> None:
    """A tile, a cosignature and a time stamp."""
    with pytest.MonkeyPatch.context() as patch:
        small_tiles(patch)
        for _ in range(SMALL_TILE // 2):
            house.proposed()
            house.proposed()
    head = LedgerCheckpoint.objects.latest("size")
    cosign(head, at=clock.now())
    stamp(head, at=clock.now())


def unsealed(house: House) -> uuid.UUID:
    return hold_entry(house, is_urgent=False).pk


def drafted(house: House) -> TalkDraft:
    consent = house.proposed()
    draft = TalkDraft(consent=consent, held_by=house.midwife.account, changed_at=clock.now())
    draft.save(force_insert=True)
    return draft


CASES: dict[str, Case] = {
    "one_live_consent_per_procedure": copied(Consent, House.proposed),
    "consent_state_known": changed(ended, state="approved"),
    "consent_decision_known": changed(House.proposed, decision="maybe"),
    "consent_request_source_known": changed(House.proposed, request_source="gossip"),
    "consent_given_via_known": changed(House.given, given_via="pigeon"),
    "consent_ended_via_known": changed(ended, ended_via="pigeon"),
    "consent_laterality_known": changed(House.proposed, laterality="middle"),
    "consent_ended_reason_known": changed(ended, ended_reason="tired"),
    "consent_informed_who_and_when": changed(House.informed, informed_by=None),
    "consent_given_who_and_when": changed(House.given, given_by=None),
    "consent_confirmed_who_and_when": changed(House.ready, confirmed_by=None),
    "consent_certified_who_and_when": changed(House.ready, certified_by=None),
    "consent_ended_who_when_why": changed(ended, ended_by=None),
    "consent_given_has_decision_and_digest": changed(House.given, decision=""),
    "consent_signed_digest_with_given": changed(House.informed, signed_digest="a" * 64),
    "consent_refused_is_deny": changed(refused, decision=""),
    "consent_ended_exactly_when_not_live": changed(ended, state="given"),
    "conversation_request_source_known": copied(Conversation, House.informed, request_source="gossip"),
    "conversation_capacity_known": copied(Conversation, House.informed, capacity="enough"),
    "conversation_interpreter_known": copied(Conversation, House.informed, interpreter_qualification="cousin"),
    "person_present_role_known": copied(PersonPresent, House.informed, role="mayor"),
    "alternative_opened_once": copied(AlternativeOpened, House.informed),
    "question_numbered_once": copied(QuestionAsked, House.informed),
    "teach_back_once": copied(TeachBack, House.informed),
    "signature_meaning_known": copied(Signature, House.given, meaning="agrees-with-us"),
    "signature_via_known": copied(Signature, House.given, signed_via="pigeon"),
    "signature_has_what_its_method_needs": copied(Signature, House.given, strokes=None),
    "signature_method_known": copied(Signature, House.given, method="seal"),
    "hold_reason_known": copied(Hold, lambda house: acts.hold(house)(), reason="gossip"),
    "sheet_version_published_once": copied(InformationSheetVersion, House.proposed),
    "procedure_end_completed_or_stopped_with_reason": ends(outcome="stopped", stop_reason=""),
    "procedure_end_reason_known": ends(outcome="stopped", stop_reason="tired"),
    "ledger_entry_sseq_once": copied(LedgerEntry, House.proposed),
    "ledger_entry_kind_known": copied(LedgerEntry, House.proposed, subject=None, sseq=None, kind="consent.approved"),
    "ledger_entry_subject_and_sseq": copied(LedgerEntry, House.proposed, subject=None, sseq=7),
    "ledger_entry_sseq_from_one": copied(LedgerEntry, House.proposed, subject=uuid.UUID(int=1), sseq=0),
    "ledger_incarnation_once": copied(Ledger, House.proposed, origin="freely-given/other"),
    "ledger_incarnation_from_one": copied(Ledger, House.proposed, origin="freely-given/other", incarnation=0),
    "ledger_binding_once": copied(LedgerBinding, House.proposed),
    "ledger_leaf_index_once": copied(LedgerLeaf, House.proposed, entry_id=unsealed),
    "ledger_checkpoint_size_once": copied(LedgerCheckpoint, House.proposed),
    "ledger_checkpoint_not_empty": copied(LedgerCheckpoint, House.proposed, size=0),
    "ledger_key_once": copied(LedgerKey, House.proposed),
    "ledger_tile_once": copied(LedgerTile, proven),
    "ledger_cosignature_once": copied(LedgerCosignature, proven),
    "ledger_stamp_once": copied(LedgerStamp, proven),
    "policy_preset_known": copied(PolicyVersion, House.proposed, digest="f" * 64, preset="nowhere"),
    "consent_reading_aid_known": changed(House.proposed, reading_aid="shouting"),
    "consent_purpose_known": changed(House.proposed, purpose="fewer-births"),
    "consent_copy_choice_known": changed(House.given, copy_choice="burnt"),
    "copy_handover_form_known": copied(CopyHandover, done("hand_over_copy"), form="burnt"),
    "copy_handed_over_once_in_each_form": copied(CopyHandover, done("hand_over_copy")),
    "paper_answer_known": copied(PaperScan, done("receive_paper"), answer="perhaps", content_digest="f" * 64),
    "paper_media_type_known": copied(PaperScan, done("receive_paper"), media_type="text/html", content_digest="f" * 64),
    "paper_scan_once_for_each_consent": copied(PaperScan, done("receive_paper")),
    "paper_not_written_after_it_came": copied(
        PaperScan, done("receive_paper"), content_digest="f" * 64, happened_at=lambda _house: clock.now()
    ),
    "paper_fault_known": copied(PaperCheck, done("check_paper"), checked_by_id=somebody_else, fault="too-late"),
    "paper_checked_once_by_each": copied(PaperCheck, done("check_paper")),
    "paper_not_right_says_why": copied(PaperCheck, done("check_paper"), checked_by_id=somebody_else, fault=""),
    "signature_only_on_paper_has_paper": copied(Signature, House.given, paper_id=brought),
    "conversation_referral_known": copied(Conversation, House.informed, referral="the-mayor"),
    "one_talk_draft_each": copied(TalkDraft, drafted),
    "capacity_finding_known": copied(CapacityAssessment, done("assess_capacity"), finding="too-old"),
    "guardian_relation_known": copied(GuardianWord, done("record_guardian_word"), relation="spouse"),
    "guardian_decision_known": copied(GuardianWord, done("record_guardian_word"), decision="maybe"),
    "emergency_why_known": copied(
        EmergencyCare, done("declare_emergency"), procedure_id=planned, why_not_asked="in-a-hurry"
    ),
    "emergency_review_finding_known": copied(
        EmergencyReview, done("review_emergency"), emergency_id=declared, finding="never-mind"
    ),
    "addition_grounds_known": copied(
        TheatreAddition, done("declare_addition"), procedure_id=planned, grounds="while-we-are-here"
    ),
    "procedure_start_on_one_ground": copied(
        ProcedureStart, started, procedure_id=planned, consent_id=None, entry_id=some_entry
    ),
    "removal_asked_via_known": copied(RemovalRequest, done("ask_removal"), asked_via="pigeon"),
    "removal_ended_via_known": copied(RemovalEnd, done("keep_device"), request_id=wished, ended_via="pigeon"),
    "removal_outcome_known": copied(RemovalEnd, done("keep_device"), request_id=wished, outcome="denied"),
    "complaint_category_known": copied(Complaint, done("complain"), category="gossip"),
    "complaint_made_via_known": copied(Complaint, done("complain"), made_via="pigeon"),
    "correction_asked_via_known": copied(CorrectionRequest, done("ask_correction"), asked_via="pigeon"),
    "correction_outcome_known": copied(
        CorrectionAnswer, done("answer_correction"), request_id=mistaken, outcome="perhaps"
    ),
    "erasure_basis_known": copied(ErasureRequest, done("ask_erasure"), basis="because"),
    "redacted_row_once": copied(RedactedRow, done("erase_subject")),
    "removal_done_names_its_procedure": copied(RemovalEnd, done("keep_device"), request_id=wished, outcome="removed"),
}
# An unknown method has none of what a method needs, so two constraints refuse it.
NAMED_INSTEAD = {
    "signature_method_known": "signature_has_what_its_method_needs",
    "redacted_row_once": "consent_redactedrow.entry_id",
    "one_talk_draft_each": "consent_talkdraft.consent_id",  # SQLite names the columns
}


def constraints() -> dict[str, models.BaseConstraint]:
    return {
        constraint.name: constraint
        for model in apps.get_app_config("consent").get_models()
        for constraint in model._meta.constraints
    }


def test_every_constraint_has_its_row() -> None:
    assert set(CASES) == set(constraints())


@pytest.mark.parametrize("name", CASES)
def test_the_database_refuses(house: House, name: str) -> None:
    said = refused_by_the_database(CASES[name](house))
    assert name in said or NAMED_INSTEAD.get(name, name) in said


@pytest.mark.parametrize("missing", ["policy", "entry", "procedure"])
def test_no_start_without_its_entry_and_its_rules(house: House, missing: str) -> None:
    consent = house.ready()
    whole = {
        "procedure": consent.procedure,
        "consent": consent,
        "policy": consent.policy,
        "entry": LedgerEntry.objects.all()[0],
    }
    row = ProcedureStart(**(whole | {missing: None}), started_by=house.midwife.account, started_at=clock.now())
    assert f"{missing}_id" in refused_by_the_database(lambda: row.save(force_insert=True))


def test_one_start_for_one_procedure(house: House) -> None:
    refused_by_the_database(copied(ProcedureStart, started)(house))
    assert ProcedureStart.objects.count() == 1
