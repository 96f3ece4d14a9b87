"""Closed lists of the upper floor: states of a consent, acts, entry kinds, roles in the room. Plain Python.

>>> ConsentState.GIVEN.value
'given'
"""

from enum import StrEnum


class ConsentState(StrEnum):
    """Where one consent stands. Waiting and expiry are not here: the rules compute them from the clock."""

    DRAFT = "draft"
    INFORMED = "informed"
    GIVEN = "given"
    CONFIRMED = "confirmed"
    USED = "used"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    ENTERED_IN_ERROR = "entered-in-error"


LIVE_STATES = frozenset(
    {ConsentState.DRAFT, ConsentState.INFORMED, ConsentState.GIVEN, ConsentState.CONFIRMED, ConsentState.USED}
)
ENDED_STATES = frozenset(ConsentState) - LIVE_STATES


class Act(StrEnum):
    """What can be done to a consent."""

    PROPOSE = "propose"
    INFORM = "inform"
    GIVE = "give"
    REFUSE = "refuse"
    ASK_FOR_TIME = "ask-for-time"
    CONFIRM = "confirm"
    CERTIFY = "certify"
    WITHDRAW = "withdraw"
    SUPERSEDE = "supersede"
    REPORT_ERROR = "report-error"
    MARK_IN_ERROR = "mark-in-error"
    START = "start"
    STOP = "stop"
    FINISH = "finish"


class Decision(StrEnum):
    """FHIR R5 Consent.decision; shown as given, refused."""

    PERMIT = "permit"
    DENY = "deny"


class EndReason(StrEnum):
    """Why a consent is no longer live."""

    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    ENTERED_IN_ERROR = "entered-in-error"


class EntryKind(StrEnum):
    """What a ledger entry records. Closed: a new kind needs a new release and a frozen vector."""

    SHEET_PUBLISHED = "sheet.published"
    CONSENT_PROPOSED = "consent.proposed"
    CONSENT_INFORMED = "consent.informed"
    CONSENT_GIVEN = "consent.given"
    CONSENT_REFUSED = "consent.refused"
    MORE_TIME_ASKED = "consent.more-time-asked"
    CONSENT_CONFIRMED = "consent.confirmed"
    CONSENT_CERTIFIED = "consent.certified"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    CONSENT_SUPERSEDED = "consent.superseded"
    ERROR_REPORTED = "consent.error-reported"
    MARKED_IN_ERROR = "consent.marked-in-error"
    HOLD_RAISED = "hold.raised"
    HOLD_LIFTED = "hold.lifted"
    START_REFUSED = "procedure.start-refused"
    PROCEDURE_STARTED = "procedure.started"
    PROCEDURE_STOPPED = "procedure.stopped"
    PROCEDURE_COMPLETED = "procedure.completed"
    RECORD_ISSUED = "record.issued"


class Via(StrEnum):
    """How an act reached us; stored with every act as its assurance level."""

    OWN_CARD = "own-card"  # the patient signed in with card and PIN
    CLINIC_TABLET = "clinic-tablet"  # staff handed over the tablet for this one consent
    SPOKEN_TO_STAFF = "spoken-to-staff"  # staff recorded the patient's word (only ever for a no)
    STAFF = "staff"  # a staff act
    COMMAND = "command"  # a management command run by the operator of the server


class SignatureMethod(StrEnum):
    """How someone signed."""

    DRAWN = "drawn"
    TYPED = "typed"
    MARK = "mark"  # a mark or spoken yes, with a witness


class SignatureMeaning(StrEnum):
    """What a signature says (21 CFR 11.50: name, time, meaning)."""

    GIVES_CONSENT = "gives-consent"
    CONFIRMS_TODAY = "confirms-today"
    CERTIFIES_AS_OPERATOR = "certifies-as-operator"


class PersonRole(StrEnum):
    """Who else was in the room."""

    PRACTITIONER = "practitioner"
    INTERPRETER = "interpreter"
    WITNESS = "witness"
    PARTNER = "partner"
    RELATIVE = "relative"
    FRIEND = "friend"
    CARER = "carer"
    STUDENT = "student"
    EMPLOYER = "employer"
    OFFICIAL = "official"
    POLICE = "police"
    OTHER = "other"


COMPANION_ROLES = frozenset(
    {
        PersonRole.PARTNER,
        PersonRole.RELATIVE,
        PersonRole.FRIEND,
        PersonRole.CARER,
        PersonRole.EMPLOYER,
        PersonRole.OFFICIAL,
        PersonRole.POLICE,
        PersonRole.OTHER,
    }
)


class RequestSource(StrEnum):
    """Who first raised the idea of this procedure."""

    PATIENT = "patient"
    PRACTITIONER = "practitioner"
    PARTNER_OR_RELATIVE = "partner-or-relative"
    OFFICIAL_OR_EMPLOYER = "official-or-employer"
    OTHER = "other"
    UNKNOWN = "unknown"


class Capacity(StrEnum):
    """What the practitioner recorded about capacity for this decision."""

    PRESUMED = "presumed"
    ASSESSED_HAS = "assessed-has-capacity"
    ASSESSED_LACKS = "assessed-lacks-capacity"
    IN_DOUBT = "in-doubt"


class SigningState(StrEnum):
    """States of the body or place in which some consents may not be given (CR-007)."""

    LABOUR = "labour"
    CHILDBIRTH = "childbirth"
    SEEKING_ABORTION = "seeking-or-obtaining-abortion"
    INTOXICATED = "under-alcohol-or-other-substance"
    SEDATED = "sedation-or-premedication-24h"
    AFTER_BIRTH_OR_ABORTION = "within-24h-after-birth-or-abortion"
    ON_THE_TABLE = "on-the-operating-table"
    DETAINED = "detained-or-in-custody"
    SEVERE_PAIN = "acute-severe-pain"


class InterpreterQualification(StrEnum):
    """What makes someone fit to interpret. A companion never is."""

    PROFESSIONAL = "professional"
    TRAINED_STAFF = "trained-staff"
    TELEPHONE_SERVICE = "telephone-service"
    UNQUALIFIED = "unqualified"


class HoldReason(StrEnum):
    """Class of a pressure concern. Free text stays out of every printed copy."""

    PRESSURE = "pressure"
    COMPANION_WOULD_NOT_LEAVE = "companion-would-not-leave"
    OFFICIAL_PRESENT = "official-present"
    CAPACITY_IN_DOUBT = "capacity-in-doubt"
    OTHER = "other"


class StopReason(StrEnum):
    """Why a procedure that had begun was stopped."""

    PATIENT_WITHDREW = "patient-withdrew"
    CLINICAL = "clinical"
    EQUIPMENT = "equipment"
    OTHER = "other"
