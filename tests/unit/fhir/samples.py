"""Invented facts for each standing of a consent."""

import base64
import datetime
import uuid
from dataclasses import replace
from typing import Any

from clinic.vocabulary import AppointmentStatus, Laterality, ProcedureCategory, ProcedureStatus, Role
from consent.fhir.states import Standing
from consent.fhir_facts import (
    AppointmentFacts,
    ConsentFacts,
    DocumentFacts,
    LookFacts,
    PatientFacts,
    ProcedureFacts,
    SheetFacts,
    SignatureFacts,
    SiteFacts,
    StaffFacts,
    SubjectFacts,
    WithoutWordFacts,
)
from consent.vocabulary import (
    CannotConsent,
    ConsentState,
    Decision,
    SignatureMeaning,
    SignatureMethod,
    StopReason,
    Via,
)

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def key(number: int) -> uuid.UUID:
    return uuid.UUID(int=(0xFEE1 << 112) + (4 << 76) + (8 << 60) + number)


def at(hour: int, minute: int = 0, day: int = 15) -> datetime.datetime:
    """In January 2027, by the clock of Shanghai."""
    return datetime.datetime(2027, 1, day, hour, minute, tzinfo=datetime.UTC) - datetime.timedelta(hours=8)


SITE, OTHER_SITE, PATIENT, MIDWIFE, DESK, COLLEAGUE = (key(number) for number in range(1, 7))
APPOINTMENT, PROCEDURE, CONSENT, OLDER, SHEET, DOCUMENT, DOCUMENT_PDF, LOOK = (key(number) for number in range(10, 18))

SHEET_FACTS = SheetFacts(
    id=SHEET,
    key="copper-iud-insertion",
    version="1.0",
    language="en",
    title="Having a copper IUD put in",
    digest="ab" * 32,
    published_at=at(8, day=1),
)
PROCEDURE_FACTS = ProcedureFacts(
    id=PROCEDURE,
    site_id=SITE,
    appointment_id=APPOINTMENT,
    operator_id=MIDWIFE,
    code_system="urn:freely-given:procedure-types",
    code="copper-iud-insertion",
    name="Copper IUD insertion",
    category=ProcedureCategory.LARC_IN,
    laterality=Laterality.NONE,
    body_site="",
    status=ProcedureStatus.PREPARATION,
)
DRAFT = ConsentFacts(
    id=CONSENT,
    site_id=SITE,
    procedure_id=PROCEDURE,
    operator_id=MIDWIFE,
    state=ConsentState.DRAFT,
    decision=None,
    is_expired=False,
    sheet=SHEET_FACTS,
    rules_digest="cd" * 32,
    proposed_by=MIDWIFE,
    proposed_at=at(9),
    changed_at=at(9),
)
YES = SignatureFacts(
    id=key(30),
    meaning=SignatureMeaning.GIVES_CONSENT,
    method=SignatureMethod.DRAWN,
    signed_by=None,
    signed_at=at(10),
    image_png=PNG,
)
CERTIFICATE = SignatureFacts(
    id=key(31),
    meaning=SignatureMeaning.CERTIFIES_AS_OPERATOR,
    method=SignatureMethod.TYPED,
    signed_by=MIDWIFE,
    signed_at=at(10, 40),
    typed_name="Test Midwife",
)
INTERPRETER = SignatureFacts(
    id=key(32),
    meaning=SignatureMeaning.STATES_AS_INTERPRETER,
    method=SignatureMethod.TYPED,
    signed_by=MIDWIFE,
    signed_at=at(9, 50),
    typed_name="Test Interpreter",
)
MARK = SignatureFacts(
    id=key(33),
    meaning=SignatureMeaning.GIVES_CONSENT,
    method=SignatureMethod.MARK,
    signed_by=None,
    signed_at=at(10),
    witness_name="Test Witness",
)
GIVEN = replace(
    DRAFT,
    state=ConsentState.GIVEN,
    decision=Decision.PERMIT,
    given_at=at(10),
    changed_at=at(10),
    decision_receipt=str(key(40)),
    signatures=(YES,),
)
CONFIRMED = replace(
    GIVEN,
    state=ConsentState.CONFIRMED,
    confirmed_at=at(10, 30),
    certified_by=MIDWIFE,
    changed_at=at(10, 40),
    signatures=(YES, CERTIFICATE),
)
ENDED = {"ended_at": at(11), "changed_at": at(11)}
CONSENTS: dict[Standing, ConsentFacts] = {
    Standing.PREPARED: DRAFT,
    Standing.INFORMED: replace(DRAFT, state=ConsentState.INFORMED, changed_at=at(9, 30)),
    Standing.WAITING_OR_OPEN: replace(GIVEN, signatures=(INTERPRETER, MARK)),
    Standing.CONFIRMED: CONFIRMED,
    Standing.CONFIRMED_BEFORE: replace(CONFIRMED, confirmed_at=at(10, 30, day=14)),
    Standing.USED: replace(CONFIRMED, state=ConsentState.USED),
    Standing.REFUSED: replace(
        DRAFT,
        state=ConsentState.REFUSED,
        decision=Decision.DENY,
        ended_via=Via.SPOKEN_TO_STAFF,
        ended_by=DESK,
        decision_receipt=str(key(41)),
        **ENDED,
    ),
    Standing.WITHDRAWN: replace(
        GIVEN, state=ConsentState.WITHDRAWN, ended_via=Via.OWN_CARD, withdrawal_receipt=str(key(42)), **ENDED
    ),
    Standing.EXPIRED: replace(GIVEN, is_expired=True),
    Standing.SUPERSEDED: replace(GIVEN, state=ConsentState.SUPERSEDED, ended_via=Via.STAFF, ended_by=MIDWIFE, **ENDED),
    Standing.IN_ERROR: replace(
        GIVEN, state=ConsentState.ENTERED_IN_ERROR, ended_via=Via.STAFF, ended_by=COLLEAGUE, **ENDED
    ),
}


def procedure_of(standing: Standing) -> ProcedureFacts:
    """The procedure beside a consent: begun and stopped where the consent was used."""
    if standing is not Standing.USED:
        return PROCEDURE_FACTS
    return replace(
        PROCEDURE_FACTS,
        status=ProcedureStatus.STOPPED,
        started_at=at(11),
        ended_at=at(11, 10),
        stop_reason=StopReason.CLINICAL,
        laterality=Laterality.LEFT,
        body_site="upper arm",
    )


STAFF = (
    StaffFacts(
        id=MIDWIFE,
        site_id=SITE,
        name="Test Midwife",
        role=Role.PRACTITIONER,
        profession="midwife",
        registration="TEST-0001",
    ),
    StaffFacts(id=DESK, site_id=SITE, name="Test Receptionist", role=Role.RECEPTIONIST),
    StaffFacts(id=COLLEAGUE, site_id=OTHER_SITE, name="Test Colleague", role=Role.PRACTITIONER),
)


def document(**changes: Any) -> DocumentFacts:
    values: dict[str, Any] = {
        "id": DOCUMENT,
        "consent_id": CONSENT,
        "content_type": "application/json",
        "language": "en",
        "digest": "ef" * 32,
        "made_at": at(11, 30),
        "size": 1234,
    }
    return DocumentFacts(**(values | changes))


def facts_of(standing: Standing, **changes: Any) -> PatientFacts:
    """One patient with one consent, one frozen record, one appointment and one look."""
    values: dict[str, Any] = {
        "made_at": at(12),
        "patient": SubjectFacts(
            id=PATIENT,
            site_id=SITE,
            name="测试患者一",
            latin_name="Test Patient One",
            birth_date=datetime.date(1994, 5, 17),
            languages=("zh-Hans", "en"),
        ),
        "sites": (
            SiteFacts(id=SITE, name="Test Clinic", time_zone="Asia/Shanghai"),
            SiteFacts(id=OTHER_SITE, name="Test Clinic Next Door", time_zone="Asia/Shanghai"),
        ),
        "staff": STAFF,
        "appointments": (
            AppointmentFacts(
                id=APPOINTMENT,
                site_id=SITE,
                practitioner_id=MIDWIFE,
                status=AppointmentStatus.ARRIVED,
                starts_at=at(11),
                ends_at=at(11, 30),
                booked_at=at(8, day=10),
            ),
        ),
        "procedures": (procedure_of(standing),),
        "consents": (CONSENTS[standing],),
        "documents": (document(),),
        "looks": (LookFacts(id=LOOK, looked_by=COLLEAGUE, looked_at=at(9, 5), page="Your page"),),
    }
    return PatientFacts(**(values | changes))


def facts_without_word() -> PatientFacts:
    """An operation that was begun without asking her, and nothing else."""
    ground = WithoutWordFacts(
        why=CannotConsent.UNCONSCIOUS,
        words="Done without your word: unconscious",
        declared_by=MIDWIFE,
        declared_at=at(11),
        agreed_by=COLLEAGUE,
        agreed_at=at(11, 2),
    )
    begun = replace(
        PROCEDURE_FACTS,
        code="test-major",
        name="Test operation",
        category=ProcedureCategory.MAJOR,
        status=ProcedureStatus.IN_PROGRESS,
        started_at=at(11, 2),
        without_word=ground,
    )
    return facts_of(Standing.PREPARED, procedures=(begun,), consents=(), documents=(), looks=())
