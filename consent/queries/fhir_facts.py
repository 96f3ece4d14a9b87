"""Reads one patient's rows and turns them into the facts from which her FHIR files are made.

Holds, talks, notes of the staff and ways to reach her have no place in those facts. The number of questions to the
database does not grow with the record, but for one about the rules for each yes that was not used.
"""

import datetime
import uuid
from dataclasses import dataclass, field

from django.db.models import Prefetch
from django.utils import translation
from django.utils.translation import gettext as _

from clinic.models import Account, Appointment, Patient, Procedure, RecordView, Site
from clinic.vocabulary import AppointmentStatus, Laterality, ProcedureCategory, ProcedureStatus, Role
from consent.fhir.choosing import only_these
from consent.fhir_facts import (
    AppointmentFacts,
    ConsentFacts,
    DocumentFacts,
    LookFacts,
    PaperFacts,
    PatientFacts,
    ProcedureFacts,
    SheetFacts,
    SignatureFacts,
    SiteFacts,
    StaffFacts,
    SubjectFacts,
    WithoutWordFacts,
)
from consent.models import Consent, Erasure, InformationSheetVersion, PaperScan, Signature
from consent.queries.fhir_standing import DECISIONS, Receipts, changed_at, expired_of, receipts_of
from consent.vocabulary import (
    CannotConsent,
    ConsentState,
    Decision,
    EntryKind,
    Grounds,
    SignatureMeaning,
    SignatureMethod,
    StopReason,
    Via,
)
from consent.wording import OTHER_PAGE_WORDS, PAGE_WORDS
from consent.wording_talk import CANNOT_CONSENT_WORDS, GROUNDS_WORDS


def fhir_facts_of(
    patient: Patient,
    *,
    at: datetime.datetime,
    language: str,
    documents: tuple[DocumentFacts, ...] = (),
) -> PatientFacts:
    """Everything the FHIR files of one patient are made from.

    **Takes** a Django language code for names and plain words; the documents that lie beside the files, with their
    addresses.
    """
    with translation.override(language):
        return _Reader(patient, at=at, language=language).facts(documents)


def fhir_facts_of_consent(consent: Consent, *, at: datetime.datetime, language: str) -> PatientFacts:
    """The same for one of her consents: its procedure, its appointment, its documents, and no looks."""
    everything = fhir_facts_of(consent.patient, at=at, language=language)
    return only_these(everything, consent_ids={consent.pk}, has_appointments=False, has_looks=False)


@dataclass(slots=True)
class _Reader:
    """Reads one patient, and gathers whom of the staff the rows name."""

    patient: Patient
    at: datetime.datetime
    language: str
    named: set[uuid.UUID] = field(default_factory=set)

    def facts(self, documents: tuple[DocumentFacts, ...]) -> PatientFacts:
        """Everything, in the order of the rows; the writer of the files sorts."""
        appointments, procedures, consents = self._appointments(), self._procedures(), self._consents()
        looks = self._looks()
        staff = self._staff()
        return PatientFacts(
            made_at=self.at,
            patient=self._subject(),
            sites=self._sites(
                {one.site_id for one in staff}
                | {one.site_id for one in appointments}
                | {one.site_id for one in procedures}
                | {one.site_id for one in consents}
            ),
            staff=staff,
            appointments=appointments,
            procedures=procedures,
            consents=consents,
            documents=documents,
            looks=looks,
        )

    def _name(self, account_id: uuid.UUID) -> uuid.UUID:
        self.named.add(account_id)
        return account_id

    def _name_staff(self, account_id: uuid.UUID | None) -> uuid.UUID | None:
        """The account, unless it is the patient's own or nobody's."""
        return None if account_id in (None, self.patient.account_id) else self._name(account_id)

    def _subject(self) -> SubjectFacts:
        patient = self.patient
        is_erased = Erasure.objects.filter(request__patient=patient).exists()
        return SubjectFacts(
            id=patient.pk,
            site_id=patient.site_id,
            name=patient.name,
            latin_name=patient.latin_name,
            birth_date=None if is_erased else patient.birth_date,
            languages=tuple(patient.languages),
        )

    def _sites(self, ids: set[uuid.UUID]) -> tuple[SiteFacts, ...]:
        rows = Site.objects.filter(pk__in={*ids, self.patient.site_id}).order_by("pk")
        return tuple(SiteFacts(id=row.pk, name=row.name, time_zone=row.time_zone) for row in rows)

    def _staff(self) -> tuple[StaffFacts, ...]:
        rows = Account.objects.select_related("practitioner").filter(pk__in=self.named).order_by("pk")
        return tuple(_staff_facts(row) for row in rows)

    def _appointments(self) -> tuple[AppointmentFacts, ...]:
        rows = Appointment.objects.select_related("practitioner").filter(patient=self.patient)
        return tuple(
            AppointmentFacts(
                id=row.pk,
                site_id=row.site_id,
                practitioner_id=self._name(row.practitioner.account_id),
                status=AppointmentStatus(row.status),
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                booked_at=row.booked_at,
            )
            for row in rows.order_by("starts_at", "pk")
        )

    def _procedures(self) -> tuple[ProcedureFacts, ...]:
        about = ("procedure_type", "operator", "appointment", "start__end", "start__emergency", "start__addition")
        rows = Procedure.objects.select_related(*about).filter(patient=self.patient)
        return tuple(self._procedure(row) for row in rows.order_by("planned_at", "pk"))

    def _procedure(self, row: Procedure) -> ProcedureFacts:
        start = getattr(row, "start", None)
        end = getattr(start, "end", None)
        return ProcedureFacts(
            id=row.pk,
            site_id=row.appointment.site_id,
            appointment_id=row.appointment_id,
            operator_id=self._name(row.operator.account_id),
            code_system=row.procedure_type.code_system,
            code=row.procedure_type.code,
            name=row.procedure_type.name_in(self.language),
            category=ProcedureCategory(row.procedure_type.category),
            laterality=Laterality(row.laterality),
            body_site=row.body_site,
            status=ProcedureStatus(row.status),
            started_at=start.started_at if start else None,
            ended_at=end.ended_at if end else None,
            stop_reason=StopReason(end.stop_reason) if end and end.stop_reason else None,
            without_word=self._without_word(row),
        )

    def _without_word(self, row: Procedure) -> WithoutWordFacts | None:
        """Only of what was begun: two people agreed, and nobody asked her."""
        start = getattr(row, "start", None)
        if start is None or (start.emergency is None and start.addition is None):
            return None
        declared = start.emergency or start.addition
        why: CannotConsent | Grounds
        if start.emergency is not None:
            why = CannotConsent(start.emergency.why_not_asked)
            said = CANNOT_CONSENT_WORDS[why]
        else:
            why = Grounds(start.addition.grounds)
            said = GROUNDS_WORDS[why]
        return WithoutWordFacts(
            why=why,
            words=f"{_('Done without your word')}: {said}",
            declared_by=self._name(declared.declared_by_id),
            declared_at=declared.declared_at,
            agreed_by=self._name(start.started_by_id),
            agreed_at=start.started_at,
            during_id=start.addition.during_id if start.addition else None,
        )

    def _consents(self) -> tuple[ConsentFacts, ...]:
        papers = PaperScan.objects.defer("content").prefetch_related("checks").order_by("received_at", "pk")
        signatures = Signature.objects.defer("strokes").order_by("signed_at", "pk")
        signatures = signatures.prefetch_related(Prefetch("paper", queryset=papers))
        about = ("site", "patient__site", "policy", "signed_policy", "operator", "certified_by", "sheet_version__sheet")
        beside = ("procedure__patient__site", "procedure__procedure_type", "shorter_wait_request__answer")
        rows = Consent.objects.select_related(*about, *beside, "premature_birth", "abdominal_emergency")
        found = list(
            rows.filter(patient=self.patient)
            .prefetch_related(Prefetch("signatures", queryset=signatures))
            .prefetch_related(Prefetch("paper_scans", queryset=papers))
            .order_by("proposed_at", "pk")
        )
        expired, receipts = expired_of(found, at=self.at), receipts_of(found)
        return tuple(self._consent(row, is_expired=row.pk in expired, receipts=receipts) for row in found)

    def _consent(self, row: Consent, *, is_expired: bool, receipts: Receipts) -> ConsentFacts:
        decided = [receipts.get((row.pk.hex, kind), "") for kind in DECISIONS]
        return ConsentFacts(
            id=row.pk,
            site_id=row.site_id,
            procedure_id=row.procedure_id,
            operator_id=self._name(row.operator.account_id),
            state=ConsentState(row.state),
            decision=Decision(row.decision) if row.decision else None,
            is_expired=is_expired,
            sheet=_sheet_facts(row.sheet_version),
            rules_digest=(row.signed_policy or row.policy).digest,
            proposed_by=self._name(row.proposed_by_id),
            proposed_at=row.proposed_at,
            changed_at=changed_at(row),
            given_at=row.given_at,
            confirmed_at=row.confirmed_at,
            certified_by=self._name_staff(row.certified_by.account_id if row.certified_by else None),
            ended_at=row.ended_at,
            ended_via=Via(row.ended_via) if row.ended_via else None,
            ended_by=self._name_staff(row.ended_by_id),
            supersedes_id=row.supersedes_id,
            decision_receipt="".join(decided),
            withdrawal_receipt=receipts.get((row.pk.hex, EntryKind.CONSENT_WITHDRAWN), ""),
            ended_paper=self._paper_of_end(row),
            signatures=tuple(self._signature(one) for one in row.signatures.all()),
        )

    def _signature(self, row: Signature) -> SignatureFacts:
        return SignatureFacts(
            id=row.pk,
            meaning=SignatureMeaning(row.meaning),
            method=SignatureMethod(row.method),
            signed_by=self._name_staff(row.signed_by_id),
            signed_at=row.signed_at,
            typed_name=row.typed_name,
            witness_name=row.witness_name,
            image_png=bytes(row.image) if row.image else None,
            paper=None if row.paper is None else self._paper(row.paper),
        )

    def _paper(self, row: PaperScan) -> PaperFacts:
        checks = sorted(row.checks.all(), key=lambda one: (one.checked_at, one.pk))
        return PaperFacts(
            written_at=row.happened_at,
            brought_by=self._name(row.received_by_id),
            found_right_by=tuple(self._name(one.checked_by_id) for one in checks if one.is_right),
        )

    def _paper_of_end(self, row: Consent) -> PaperFacts | None:
        """The paper on which a consent ended: it came in that instant."""
        if row.ended_via != Via.PAPER:
            return None
        return next((self._paper(one) for one in row.paper_scans.all() if one.received_at == row.ended_at), None)

    def _looks(self) -> tuple[LookFacts, ...]:
        rows = RecordView.objects.filter(patient=self.patient).order_by("viewed_at", "pk")
        return tuple(
            LookFacts(
                id=row.pk,
                looked_by=self._name(row.viewed_by_id),
                looked_at=row.viewed_at,
                page=str(PAGE_WORDS.get(row.page, OTHER_PAGE_WORDS)),
            )
            for row in rows
        )


def _staff_facts(row: Account) -> StaffFacts:
    own = getattr(row, "practitioner", None)
    return StaffFacts(
        id=row.pk,
        site_id=row.site_id,
        name=row.display_name,
        role=Role(row.role),
        profession=own.profession if own else "",
        registration=own.registration if own else "",
    )


def _sheet_facts(row: InformationSheetVersion) -> SheetFacts:
    return SheetFacts(
        id=row.pk,
        key=row.sheet.key,
        version=row.version,
        language=row.language,
        title=row.title,
        digest=row.digest,
        published_at=row.published_at,
    )
