"""Turns one consent and everything around it into the `ConsentRecord` that is printed for the patient.

Holds, staff notes and words about pressure never enter it. It is written in one language, whoever asks.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from clinic.languages import LANGUAGE_NAMES
from clinic.vocabulary import Laterality
from clinic.wording import LATERALITY_WORDS
from consent.models import (
    Consent,
    Conversation,
    InformationSheetVersion,
    LedgerCheckpoint,
    LedgerEntry,
    ProcedureStart,
    Signature,
)
from consent.models.digests import model_label
from consent.queries import ability, waits
from consent.queries.emergency_record import entries_without_word, without_word_lines
from consent.queries.redactions import erased_line
from consent.record.check import check_text
from consent.record.exceptions import RecordError
from consent.record.labels import LABELS
from consent.record_facts import ConsentRecord, EventOnRecord, PersonOnRecord, SheetSection, SignatureOnRecord
from consent.vocabulary import (
    ConsentState,
    EntryKind,
    InterpreterQualification,
    PersonRole,
    RequestSource,
    SignatureMeaning,
    SignatureMethod,
)
from consent.wording import ENTRY_WORDS, METHOD_DONE_WORDS, PATIENT_STATE_SENTENCES, STATE_WORDS, STATEMENTS
from consent.wording_talk import INTERPRETER_WORDS, PERSON_ROLE_WORDS, REQUEST_SOURCE_WORDS

NOT_PRINTED = frozenset({EntryKind.HOLD_RAISED, EntryKind.HOLD_LIFTED})


def entries_about(consent: Consent) -> list[LedgerEntry]:
    """The ledger entries that name a consent's row, oldest first."""
    return list(
        LedgerEntry.objects.select_related("ledger", "leaf")
        .filter(bindings__model=model_label(Consent), bindings__key=consent.pk.hex)
        .order_by("ledger__incarnation", "sseq")
        .distinct()
    )


def in_order(entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """Entries of one patient in the order of the ledger, which no clock decides."""
    return sorted(entries, key=lambda entry: (entry.ledger.incarnation, entry.sseq or 0))


def _language(code: str) -> str:
    """A language under its own name; under its code where our fonts cannot print the name."""
    name = LANGUAGE_NAMES.get(code, code)
    try:
        check_text(name, field="language")
    except RecordError:
        return code
    return name


def _side_by_side(alternative: dict[str, Any]) -> str:
    good, bad = _("Good sides:"), _("Bad sides:")
    return f"{good} {alternative['good'].strip()}\n\n{bad} {alternative['bad'].strip()}"


def sheet_sections(content: dict[str, Any]) -> tuple[SheetSection, ...]:
    """The sheet's words in reading order; the alternatives stand where the sheet speaks of them."""
    sections: list[SheetSection] = []
    for element in content["element"]:
        sections.append(SheetSection(heading=element["heading"], text=element["text"].strip()))
        if element["id"] == "DE-05":
            sections += [
                SheetSection(heading=row["name"], text=_side_by_side(row)) for row in content.get("alternative", [])
            ]
    return tuple(sections)


def _people(consent: Consent, talks: list[Conversation]) -> tuple[PersonOnRecord, ...]:
    people = [
        PersonOnRecord(role=_("Clinician who proposed it"), name=consent.proposed_by.display_name),
        PersonOnRecord(role=_("Clinician who would do it"), name=consent.operator.account.display_name),
    ]
    for talk in talks:
        people.append(PersonOnRecord(role=_("Clinician who talked with you"), name=talk.held_by.display_name))
        if talk.interpreter_qualification:
            note = str(INTERPRETER_WORDS[InterpreterQualification(talk.interpreter_qualification)])
            organisation = f" ({talk.interpreter_organisation})" if talk.interpreter_organisation else ""
            people.append(PersonOnRecord(role=_("Interpreter"), name=talk.interpreter_name, note=note + organisation))
        for person in talk.people_present.all():
            left = {True: _("left before you answered"), False: _("stayed in the room"), None: ""}
            people.append(
                PersonOnRecord(
                    role=str(PERSON_ROLE_WORDS[PersonRole(person.role)]),
                    name=person.name,
                    note=left[person.left_before_signing],
                )
            )
    return tuple(dict.fromkeys(people))


def _conversation(consent: Consent, talks: list[Conversation]) -> tuple[tuple[str, str], ...]:
    if not talks:
        return ()
    talk = talks[-1]
    names = {row["key"]: row["name"] for row in consent.sheet_version.content.get("alternative", [])}
    questions = {row["key"]: row["question"] for row in consent.sheet_version.content.get("teach_back", [])}
    opened = [names.get(row.key, row.key) for row in talk.alternatives_opened.all()]
    rows = [
        (_("Language of the talk"), _language(talk.spoken_language)),
        (_("Language of the text"), _language(talk.text_language)),
        (_("Who first raised the idea"), str(REQUEST_SOURCE_WORDS[RequestSource(talk.request_source)])),
        (
            _("Minutes you were alone with the clinician"),
            "" if talk.minutes_alone is None else str(talk.minutes_alone),
        ),
        (_("Other choices you looked at"), "; ".join(opened)),
        (_("What matters to you"), talk.what_matters),
    ]
    rows += [(questions.get(said.key, said.key), said.answer) for said in talk.teach_backs.all()]
    return tuple((label, value or _("not recorded")) for label, value in rows)


def _signature(row: Signature) -> SignatureOnRecord:
    return SignatureOnRecord(
        meaning=str(STATEMENTS[SignatureMeaning(row.meaning)]),
        name=row.typed_name or row.signed_by.display_name,
        method=str(METHOD_DONE_WORDS[SignatureMethod(row.method)]),
        signed_at=row.signed_at,
        image_png=bytes(row.image) if row.image else None,
        witness_name=", ".join(filter(None, (row.witness_name, row.witness_relation))),
    )


def _events(entries: list[LedgerEntry]) -> tuple[EventOnRecord, ...]:
    return tuple(
        EventOnRecord(
            happened_at=entry.recorded_at,
            sentence=str(ENTRY_WORDS[EntryKind(entry.kind)]),
            entry_index=entry.index,
        )
        for entry in entries
    )


def _side(consent: Consent) -> str:
    side = "" if consent.laterality == Laterality.NONE else str(LATERALITY_WORDS[Laterality(consent.laterality)])
    return ", ".join(filter(None, (side, consent.body_site)))


def _ledger_place(entries: list[LedgerEntry]) -> dict[str, Any]:
    last = entries[-1]
    head = LedgerCheckpoint.objects.filter(ledger_id=last.ledger_id).order_by("-size").first()
    return {
        "ledger_origin": last.ledger.origin,
        "ledger_index": last.index,
        "ledger_leaf": last.leaf_hash,
        "ledger_size": head.size if head else 0,
        "ledger_root": head.root_hash if head else "",
    }


def _sheet_as_shown(version: InformationSheetVersion) -> dict[str, Any]:
    return {
        "sheet_title": version.title,
        "sheet_version": f"{version.version} ({_language(version.language)})",
        "sheet_digest": version.digest,
        "sheet_sections": sheet_sections(version.content),
    }


def _rules(consent: Consent) -> tuple[tuple[str, str], ...]:
    """Which rules were in force: when she was asked, when she said yes, and when it was started."""
    start = ProcedureStart.objects.select_related("policy").filter(consent=consent).first()
    found = (
        (_("When you were asked"), consent.policy),
        (_("When you said yes"), consent.signed_policy),
        (_("When it was started"), start.policy if start else None),
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


def consent_record(consent: Consent, *, language: str, issued_at: datetime.datetime) -> ConsentRecord:
    """The printed record of one consent, in one language.

    **Takes** a Django language code for the words of the layout; the sheet stays in the language it was shown in.
    """
    with translation.override(language):
        talks = list(Conversation.objects.select_related("held_by").filter(consent=consent).order_by("held_at"))
        about = [*entries_about(consent), *entries_without_word(consent)]
        entries = in_order(one for one in about if one.kind not in NOT_PRINTED)
        erased = erased_line(consent.patient, time_zone=consent.site.time_zone)
        signatures = Signature.objects.select_related("signed_by").filter(consent=consent).order_by("signed_at")
        return ConsentRecord(
            language=language,
            procedure_name=consent.procedure.procedure_type.name_in(language),
            procedure_code=consent.procedure_code,
            side=_side(consent),
            state=str(STATE_WORDS[ConsentState(consent.state)]),
            state_explained=str(PATIENT_STATE_SENTENCES[ConsentState(consent.state)]),
            people=_people(consent, talks),
            conversation=(
                *erased,
                *_conversation(consent, talks),
                *ability.own_lines(consent),
                *waits.own_lines(consent),
            ),
            questions=tuple((row.question, row.answer) for talk in talks for row in talk.questions.order_by("number")),
            signatures=tuple(_signature(row) for row in signatures),
            events=_events(entries),
            consent_id=str(consent.pk),
            issued_at=issued_at,
            without_word=without_word_lines(consent, at=issued_at),
            labels={key: _(words) for key, words in LABELS.items()},
            **_who(consent),
            **_sheet_as_shown(consent.sheet_version),
            **_ledger_place(entries),
            rules=_rules(consent),
        )
