"""Closed lists of the ground floor: roles, permissions, statuses, categories. Values are FHIR codes where one exists.

This room is plain Python. It decides nothing; tables elsewhere give each member its meaning.

>>> AppointmentStatus.ARRIVED.value
'arrived'
"""

from enum import StrEnum


class Role(StrEnum):
    """What a person is to the clinic. Closed: no official, village, employer, police or insurer ever stands here."""

    PATIENT = "patient"
    PRACTITIONER = "practitioner"
    RECEPTIONIST = "receptionist"
    ADVOCATE = "advocate"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """What a role may do. Who the thing belongs to is asked separately, in `clinic.access`."""

    SEE_DIARY = "see-diary"
    SEE_PROCEDURES = "see-procedures"
    FIND_PATIENTS = "find-patients"
    REGISTER_PATIENTS = "register-patients"
    BOOK_APPOINTMENTS = "book-appointments"
    ISSUE_CARDS = "issue-cards"
    PLAN_PROCEDURES = "plan-procedures"
    READ_PATIENT_RECORD = "read-patient-record"
    PROPOSE_CONSENT = "propose-consent"
    RECORD_CONVERSATION = "record-conversation"
    HAND_OVER_TABLET = "hand-over-tablet"
    RECORD_SPOKEN_NO = "record-spoken-no"
    CERTIFY_AS_OPERATOR = "certify-as-operator"
    START_PROCEDURE = "start-procedure"
    REPORT_ERROR = "report-error"
    RAISE_HOLD = "raise-hold"
    LIFT_HOLD = "lift-hold"
    CHECK_LEDGER = "check-ledger"
    MANAGE_ACCOUNTS = "manage-accounts"
    DECIDE_OWN_CARE = "decide-own-care"
    ASSESS_CAPACITY = "assess-capacity"
    RECORD_GUARDIAN = "record-guardian"
    CERTIFY_SHORTER_WAIT = "certify-shorter-wait"
    ANSWER_SHORTER_WAIT = "answer-shorter-wait"
    DECLARE_EMERGENCY = "declare-emergency"
    REVIEW_EMERGENCY = "review-emergency"
    RECORD_REMOVAL_REQUEST = "record-removal-request"
    RECORD_REMOVAL = "record-removal"
    WATCH_REMOVALS = "watch-removals"
    RECORD_CLINICAL_FACT = "record-clinical-fact"
    ERASE_PATIENT = "erase-patient"
    ANSWER_COMPLAINT = "answer-complaint"
    ANSWER_CORRECTION = "answer-correction"


ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.PATIENT: frozenset({Permission.DECIDE_OWN_CARE}),
    Role.PRACTITIONER: frozenset(
        {
            Permission.SEE_DIARY,
            Permission.SEE_PROCEDURES,
            Permission.FIND_PATIENTS,
            Permission.REGISTER_PATIENTS,
            Permission.BOOK_APPOINTMENTS,
            Permission.PLAN_PROCEDURES,
            Permission.READ_PATIENT_RECORD,
            Permission.PROPOSE_CONSENT,
            Permission.RECORD_CONVERSATION,
            Permission.HAND_OVER_TABLET,
            Permission.RECORD_SPOKEN_NO,
            Permission.CERTIFY_AS_OPERATOR,
            Permission.START_PROCEDURE,
            Permission.REPORT_ERROR,
            Permission.RAISE_HOLD,
            Permission.ASSESS_CAPACITY,
            Permission.RECORD_GUARDIAN,
            Permission.CERTIFY_SHORTER_WAIT,
            Permission.ANSWER_SHORTER_WAIT,
            Permission.DECLARE_EMERGENCY,
            Permission.RECORD_REMOVAL_REQUEST,
            Permission.RECORD_REMOVAL,
            Permission.WATCH_REMOVALS,
            Permission.RECORD_CLINICAL_FACT,
            Permission.ANSWER_CORRECTION,
        }
    ),
    Role.RECEPTIONIST: frozenset(
        {
            Permission.SEE_DIARY,
            Permission.FIND_PATIENTS,
            Permission.REGISTER_PATIENTS,
            Permission.BOOK_APPOINTMENTS,
            Permission.ISSUE_CARDS,
            Permission.RAISE_HOLD,
            Permission.RECORD_REMOVAL_REQUEST,
        }
    ),
    Role.ADVOCATE: frozenset(
        {
            Permission.RECORD_SPOKEN_NO,
            Permission.RAISE_HOLD,
            Permission.LIFT_HOLD,
            Permission.REVIEW_EMERGENCY,
            Permission.ERASE_PATIENT,
            Permission.RECORD_REMOVAL_REQUEST,
            Permission.WATCH_REMOVALS,
            Permission.ANSWER_COMPLAINT,
        }
    ),
    Role.AUDITOR: frozenset({Permission.CHECK_LEDGER}),
    Role.ADMINISTRATOR: frozenset({Permission.MANAGE_ACCOUNTS, Permission.ERASE_PATIENT, Permission.ANSWER_CORRECTION}),
}


class Preset(StrEnum):
    """The jurisdiction rule table a site follows."""

    STRICT_DEFAULT = "strict-default"
    US_FEDERAL = "us-federal"
    ENGLAND = "england"
    CHINA_MAINLAND = "china-mainland"


class AppointmentStatus(StrEnum):
    """FHIR AppointmentStatus, the part this clinic uses."""

    BOOKED = "booked"
    ARRIVED = "arrived"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NOSHOW = "noshow"
    ENTERED_IN_ERROR = "entered-in-error"


APPOINTMENT_STEPS: dict[AppointmentStatus, frozenset[AppointmentStatus]] = {
    AppointmentStatus.BOOKED: frozenset(
        {
            AppointmentStatus.ARRIVED,
            AppointmentStatus.CANCELLED,
            AppointmentStatus.NOSHOW,
            AppointmentStatus.ENTERED_IN_ERROR,
        }
    ),
    AppointmentStatus.ARRIVED: frozenset(
        {AppointmentStatus.FULFILLED, AppointmentStatus.CANCELLED, AppointmentStatus.ENTERED_IN_ERROR}
    ),
    AppointmentStatus.NOSHOW: frozenset({AppointmentStatus.ARRIVED, AppointmentStatus.ENTERED_IN_ERROR}),
    AppointmentStatus.FULFILLED: frozenset({AppointmentStatus.ENTERED_IN_ERROR}),
    AppointmentStatus.CANCELLED: frozenset(),
    AppointmentStatus.ENTERED_IN_ERROR: frozenset(),
}


class ProcedureCategory(StrEnum):
    """The ten kinds of care; rules are chosen by kind."""

    STER = "STER"
    LARC_IN = "LARC_IN"
    LARC_OUT = "LARC_OUT"
    ABRT = "ABRT"
    MINOR = "MINOR"
    MAJOR = "MAJOR"
    ANAES = "ANAES"
    VACC = "VACC"
    TEST = "TEST"
    IMG = "IMG"


class Particular(StrEnum):
    """What the rules must know of a kind of procedure beyond its category."""

    NONE = ""
    PREGNANCY_TEST = "pregnancy-test"
    HYSTERECTOMY = "hysterectomy"


class AccessNeed(StrEnum):
    """What keeps a patient from reading or hearing a sheet as it is printed."""

    CANNOT_READ = "cannot-read"
    BLIND = "blind-or-low-vision"
    DEAF = "deaf-or-hard-of-hearing"
    LEARNING_DISABILITY = "learning-disability"


class ProcedureStatus(StrEnum):
    """FHIR event-status. Moved past `preparation` only by the consent floor."""

    PREPARATION = "preparation"
    IN_PROGRESS = "in-progress"
    STOPPED = "stopped"
    COMPLETED = "completed"
    NOT_DONE = "not-done"


class Laterality(StrEnum):
    """Which side of the body, when the procedure type needs one."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"
    NONE = "not-applicable"


class SafeContact(StrEnum):
    """How the patient may be reached without danger to her."""

    NONE = "none"
    PHONE_CALL = "phone-call"
    TEXT_NEUTRAL = "text-neutral"
    EMAIL_NEUTRAL = "email-neutral"
    IN_PERSON = "in-person-only"


class PrivacyClass(StrEnum):
    """How private a stored field is. `OPEN` may stand readable in the ledger; all others only as salted commitments."""

    OPEN = "open"  # codes, times, opaque ids
    PERSONAL = "personal"  # names, dates of birth, ways to reach someone
    HEALTH = "health"  # what someone said, has, wants or decided in free words
    SECRET = "secret"  # hashes of PINs and passwords, salts; never leaves the database
