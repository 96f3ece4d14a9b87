"""Turns one consent and everything around it into the `ConsentRecord` that is frozen and printed for the patient.

Holds, staff notes and words about pressure never enter it. It is written in one language, whoever asks. Nothing in here
refuses a text: what cannot be printed is refused where it is typed, or else when it is printed.
"""

import datetime
import uuid
from typing import Any

from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from clinic.vocabulary import Laterality
from clinic.wording import LATERALITY_WORDS
from consent.models import Consent, InformationSheetVersion, LedgerCheckpoint, LedgerEntry
from consent.queries import ability, waits
from consent.queries.emergency_record import without_word_lines
from consent.queries.record_language import language_note
from consent.queries.record_papers import paper_lines
from consent.queries.record_rows import RecordRows, rows_for_record
from consent.queries.record_talks import Lines, conversation_lines, people, signature_on_record, spoken, talk_on_record
from consent.queries.redactions import erased_line
from consent.record.labels import LABELS
from consent.record_facts import (
    ActOnRecord,
    ConsentRecord,
    CopyOnPaper,
    DecisionOnRecord,
    EventOnRecord,
    SheetSection,
)
from consent.wording import ENTRY_WORDS, PATIENT_STATE_SENTENCES, STATE_WORDS


def consent_record(
    consent_id: uuid.UUID, *, language: str, act: ActOnRecord, ledger_origin: str, made_at: datetime.datetime
) -> ConsentRecord:
    """The record of one consent after an act, in one language.

    **Takes** the language of the printed words (BCP 47, one of `record_languages`); the sheet stays in the language it
    was shown in. The act; when its entry is not written yet, its line is added as the last.
    """
    rows = rows_for_record(consent_id)
    with translation.override(language.lower()):
        return ConsentRecord(
            language=language,
            made_at=made_at,
            act=act,
            people=people(rows),
            conversation=_conversation(rows),
            talks=tuple(talk_on_record(talk, rows.consent.sheet_version.content) for talk in rows.talks),
            questions=_questions(rows),
            signatures=tuple(signature_on_record(row) for row in rows.signatures),
            events=_events(rows.entries, act, at=made_at),
            without_word=without_word_lines(rows.consent, at=made_at) if rows.is_anything_without_word else (),
            ledger_origin=ledger_origin,
            labels=printed_labels(),
            decision=_decision(rows),
            **_who(rows.consent),
            **_what(rows.consent, language),
            **_sheet_as_shown(rows.consent.sheet_version, language),
            rules=_rules(rows),
        )


def printed_labels() -> dict[str, str]:
    """The printed words of the layout, in the language that is being written."""
    return {key: _(words) for key, words in LABELS.items()}


def copy_on_paper(consent: Consent, record: ConsentRecord, *, issued_at: datetime.datetime) -> CopyOnPaper:
    """Where the act of a record stands in the ledger by now."""
    entry = LedgerEntry.objects.select_related("ledger", "leaf").filter(pk=record.act.entry_id).first()
    head = None
    if entry is not None:
        head = LedgerCheckpoint.objects.filter(ledger_id=entry.ledger_id).order_by(F("size").desc()).first()
    return CopyOnPaper(
        issued_at=issued_at,
        ledger_index=entry.index if entry else None,
        ledger_leaf=entry.leaf_hash if entry else "",
        ledger_size=head.size if head else 0,
        ledger_root=head.root_hash if head else "",
    )


def sheet_sections(content: dict[str, Any]) -> tuple[SheetSection, ...]:
    """The sheet's words in reading order; the alternatives stand where the sheet speaks of them."""
    sections: list[SheetSection] = []
    for element in content.get("element", []):
        sections.append(SheetSection(heading=element["heading"], text=element["text"].strip()))
        if element["id"] == "DE-05":
            sections += [
                SheetSection(heading=row["name"], text=_side_by_side(row)) for row in content.get("alternative", [])
            ]
    return tuple(sections)


def _side_by_side(alternative: dict[str, Any]) -> str:
    good, bad = _("Good sides:"), _("Bad sides:")
    return f"{good} {alternative['good'].strip()}\n\n{bad} {alternative['bad'].strip()}"


def _conversation(rows: RecordRows) -> Lines:
    consent = rows.consent
    erased = erased_line(consent.patient, time_zone=consent.site.time_zone) if rows.is_anything_erased else ()
    on_paper = paper_lines(consent, printed_labels()) if rows.is_anything_on_paper else ()
    found = ability.own_lines(consent) if rows.is_ability_recorded else ()
    waited = waits.own_lines(consent) if rows.is_wait_recorded else ()
    return (*erased, *conversation_lines(rows), *on_paper, *found, *waited)


def _questions(rows: RecordRows) -> Lines:
    asked = [sorted(talk.questions.all(), key=lambda row: row.number) for talk in rows.talks]
    return tuple((row.question, row.answer) for questions in asked for row in questions)


def _events(entries: list[LedgerEntry], act: ActOnRecord, *, at: datetime.datetime) -> tuple[EventOnRecord, ...]:
    events = [
        EventOnRecord(
            happened_at=entry.recorded_at,
            sentence=spoken(ENTRY_WORDS, entry.kind),
            entry_index=entry.index,
            kind=entry.kind,
            entry_id=entry.pk.hex,
            leaf_hash=entry.leaf_hash,
        )
        for entry in entries
    ]
    if all(event.entry_id != act.entry_id for event in events):
        sentence = spoken(ENTRY_WORDS, act.kind)
        own = EventOnRecord(
            happened_at=at, sentence=sentence, entry_index=None, kind=act.kind, entry_id=act.entry_id, leaf_hash=""
        )
        events.append(own)
    return tuple(events)


def _sheet_as_shown(version: InformationSheetVersion, language: str) -> dict[str, Any]:
    return {
        "language_note": language_note(language, shown=version.language),
        "sheet_key": version.sheet.key,
        "sheet_language": version.language,
        "sheet_title": version.title,
        "sheet_version": version.version,
        "sheet_digest": version.digest,
        "sheet_sections": sheet_sections(version.content),
    }


def _rules(rows: RecordRows) -> Lines:
    """Which rules were in force: when she was asked, when she said yes, and when it was started."""
    found = (
        (_("When you were asked"), rows.consent.policy),
        (_("When you said yes"), rows.consent.signed_policy),
        (_("When it was started"), rows.start.policy if rows.start else None),
    )
    return tuple((when, policy.digest) for when, policy in found if policy is not None)


def _who(consent: Consent) -> dict[str, Any]:
    return {
        "site_name": consent.site.name,
        "time_zone": consent.site.time_zone,
        "patient_name": consent.patient.name,
        "patient_latin_name": consent.patient.latin_name,
        "birth_date": consent.patient.birth_date,
    }


def _what(consent: Consent, language: str) -> dict[str, Any]:
    side = "" if consent.laterality == Laterality.NONE else spoken(LATERALITY_WORDS, consent.laterality)
    return {
        "consent_id": str(consent.pk),
        "procedure_id": str(consent.procedure_id),
        "procedure_name": consent.procedure.procedure_type.name_in(language),
        "procedure_code": consent.procedure_code,
        "side": ", ".join(filter(None, (side, consent.body_site))),
        "state": spoken(STATE_WORDS, consent.state),
        "state_explained": spoken(PATIENT_STATE_SENTENCES, consent.state),
        "ended_words": consent.ended_words,
    }


def _decision(rows: RecordRows) -> DecisionOnRecord:
    consent = rows.consent
    return DecisionOnRecord(
        state=consent.state,
        decision=consent.decision,
        category=consent.procedure.procedure_type.category,
        laterality=consent.laterality,
        body_site=consent.body_site,
        request_source=consent.request_source,
        purpose=consent.purpose,
        reading_aid=consent.reading_aid,
        copy_choice=consent.copy_choice,
        given_via=consent.given_via,
        ended_via=consent.ended_via,
        ended_reason=consent.ended_reason or "",
        proposed_at=consent.proposed_at,
        informed_at=consent.informed_at,
        more_time_asked_at=consent.more_time_asked_at,
        given_at=consent.given_at,
        confirmed_at=consent.confirmed_at,
        was_alone_at_confirmation=consent.was_alone_at_confirmation,
        certified_at=consent.certified_at,
        ended_at=consent.ended_at,
        proposed_policy_digest=consent.policy.digest,
        signed_policy_digest=consent.signed_policy.digest if consent.signed_policy else "",
        started_policy_digest=rows.start.policy.digest if rows.start else "",
    )
