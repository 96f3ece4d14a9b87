"""What one patient's FHIR files are made from: plain values, no behaviour and no database.

Nothing here can hold a worry about pressure, a note of the staff or what somebody said in a talk: what has no field
cannot be sent to anybody. Times are aware instants; people of the staff are named by the id of their account.
"""

import datetime
import uuid
from dataclasses import dataclass

from clinic.vocabulary import AppointmentStatus, Laterality, ProcedureCategory, ProcedureStatus, Role
from consent.vocabulary import (
    CannotConsent,
    ConsentState,
    Decision,
    Grounds,
    SignatureMeaning,
    SignatureMethod,
    StopReason,
    Via,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteFacts:
    """A clinic."""

    id: uuid.UUID
    name: str
    time_zone: str  # IANA


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffFacts:
    """Somebody who works at a clinic."""

    id: uuid.UUID  # of the account
    site_id: uuid.UUID
    name: str
    role: Role
    profession: str = ""
    registration: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SubjectFacts:
    """The patient. Ways to reach her are left out: the file may be read by whoever leans on her."""

    id: uuid.UUID
    site_id: uuid.UUID
    name: str
    latin_name: str = ""
    birth_date: datetime.date | None = None  # None where it was erased
    languages: tuple[str, ...] = ()  # BCP 47, in her order


@dataclass(frozen=True, kw_only=True, slots=True)
class AppointmentFacts:
    """A planned meeting: a time, never a reason."""

    id: uuid.UUID
    site_id: uuid.UUID
    practitioner_id: uuid.UUID
    status: AppointmentStatus
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    booked_at: datetime.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class WithoutWordFacts:
    """That a procedure was done without the patient's word, on which ground, and which two people decided it."""

    why: CannotConsent | Grounds
    words: str  # one neutral sentence in the language of the file
    declared_by: uuid.UUID
    declared_at: datetime.datetime
    agreed_by: uuid.UUID
    agreed_at: datetime.datetime
    during_id: uuid.UUID | None = None  # the procedure it was added to


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcedureFacts:
    """One procedure, planned or done."""

    id: uuid.UUID
    site_id: uuid.UUID
    appointment_id: uuid.UUID | None
    operator_id: uuid.UUID
    code_system: str
    code: str
    name: str  # plain, in the language of the file
    category: ProcedureCategory
    laterality: Laterality
    body_site: str
    status: ProcedureStatus
    started_at: datetime.datetime | None = None
    ended_at: datetime.datetime | None = None
    stop_reason: StopReason | None = None
    without_word: WithoutWordFacts | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetFacts:
    """The published words a patient was shown."""

    id: uuid.UUID
    key: str
    version: str
    language: str
    title: str
    digest: str
    published_at: datetime.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperFacts:
    """An answer on paper: when it was written, as stated, and the accounts of who brought it in and found it right."""

    written_at: datetime.datetime
    brought_by: uuid.UUID
    found_right_by: tuple[uuid.UUID, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class SignatureFacts:
    """One signature under one consent."""

    id: uuid.UUID
    meaning: SignatureMeaning
    method: SignatureMethod
    signed_by: uuid.UUID | None  # account of the staff; None is the patient herself
    signed_at: datetime.datetime
    typed_name: str = ""
    witness_name: str = ""
    image_png: bytes | None = None
    paper: PaperFacts | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentFacts:
    """One decision about one procedure, and what the clock makes of it."""

    id: uuid.UUID
    site_id: uuid.UUID
    procedure_id: uuid.UUID
    operator_id: uuid.UUID
    state: ConsentState
    decision: Decision | None
    is_expired: bool  # worked out by the rules; asked only of a yes that was not used
    sheet: SheetFacts
    rules_digest: str  # of the rule table it was given under, else offered under
    proposed_by: uuid.UUID
    proposed_at: datetime.datetime
    changed_at: datetime.datetime  # of the last act
    given_at: datetime.datetime | None = None
    confirmed_at: datetime.datetime | None = None
    certified_by: uuid.UUID | None = None
    ended_at: datetime.datetime | None = None
    ended_via: Via | None = None
    ended_paper: PaperFacts | None = None  # on which the no or the taking back came
    ended_by: uuid.UUID | None = None  # account of the staff who wrote it down; None is the patient herself
    supersedes_id: uuid.UUID | None = None
    decision_receipt: str = ""  # id of the entry that holds the yes or the no
    withdrawal_receipt: str = ""
    signatures: tuple[SignatureFacts, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentFacts:
    """A frozen record of one consent: the document that is hashed, or its picture."""

    id: uuid.UUID
    consent_id: uuid.UUID
    content_type: str  # application/json, application/pdf, text/html
    language: str
    digest: str  # SHA-256 of the file
    made_at: datetime.datetime
    size: int | None = None
    sha1: bytes | None = None  # FHIR's Attachment.hash is SHA-1 by definition; left out where nobody worked it out
    url: str = ""  # where the file lies beside this one; a name made of its digest where that is empty


@dataclass(frozen=True, kw_only=True, slots=True)
class LookFacts:
    """Somebody on the staff opened a page about the patient."""

    id: uuid.UUID
    looked_by: uuid.UUID
    looked_at: datetime.datetime
    page: str  # plain words in the language of the file; all pages about one consent share theirs


@dataclass(frozen=True, kw_only=True, slots=True)
class PatientFacts:
    """Everything the FHIR files of one patient are made from."""

    made_at: datetime.datetime
    patient: SubjectFacts
    sites: tuple[SiteFacts, ...]
    staff: tuple[StaffFacts, ...] = ()  # who is not named anywhere in the file is left out of it
    appointments: tuple[AppointmentFacts, ...] = ()
    procedures: tuple[ProcedureFacts, ...] = ()
    consents: tuple[ConsentFacts, ...] = ()
    documents: tuple[DocumentFacts, ...] = ()
    looks: tuple[LookFacts, ...] = ()
