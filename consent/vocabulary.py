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
    STATE_AS_INTERPRETER = "state-as-interpreter"
    STATE_AS_OBTAINER = "state-as-obtainer"


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
    COPY_HANDED_OVER = "copy.handed-over"
    OFFER_REFUSED = "offer.refused"
    TALK_REQUESTED = "offer.talk-requested"
    CLINICAL_FACT_RECORDED = "offer.clinical-fact"
    INTERPRETER_STATED = "consent.interpreter-stated"
    OBTAINER_STATED = "consent.obtainer-stated"
    CAPACITY_ASSESSED = "capacity.assessed"
    YOUNG_PERSON_NOTED = "capacity.young-person-noted"
    GUARDIAN_SPOKE = "guardian.spoke"
    PREMATURE_BIRTH_CERTIFIED = "wait.premature-birth"
    ABDOMINAL_EMERGENCY_CERTIFIED = "wait.abdominal-emergency"
    SHORTER_WAIT_ASKED = "wait.shorter-asked"
    SHORTER_WAIT_ANSWERED = "wait.shorter-answered"
    EMERGENCY_DECLARED = "emergency.declared"
    EMERGENCY_AGREED = "emergency.agreed"
    EMERGENCY_REVIEWED = "emergency.reviewed"
    ADDITION_DECLARED = "addition.declared"
    ADDITION_AGREED = "addition.agreed"
    PATIENT_TOLD = "procedure.patient-told"
    REMOVAL_ASKED = "removal.asked"
    REMOVAL_ENDED = "removal.ended"
    REMOVAL_CONTRAINDICATED = "removal.contraindicated"
    REMOVAL_SECOND_OPINION = "removal.second-opinion"
    COMPLAINT_MADE = "complaint.made"
    COMPLAINT_ANSWERED = "complaint.answered"
    CORRECTION_ASKED = "correction.asked"
    CORRECTION_ANSWERED = "correction.answered"
    BUNDLE_TAKEN = "bundle.taken"
    PAPER_PRINTED = "paper.printed"
    PAPER_RECEIVED = "paper.received"
    PAPER_VERIFIED = "paper.verified"
    PAPER_REJECTED = "paper.rejected"
    RECORD_VIEWED = "record.viewed"
    RECEIPT_DELIVERED = "receipt.delivered"
    RECEIPT_DECLINED = "receipt.declined"
    ERASURE_ASKED = "subject.erasure-asked"
    SUBJECT_ERASED = "subject.erased"
    ENTRY_RECOVERED = "log.recovered"
    KEY_ROTATED = "key.rotated"
    LOG_FROZEN = "log.frozen"
    LOG_RESTORED = "log.restored"
    LOG_DELAYED = "log.delayed"
    ENTRY_QUARANTINED = "entry.quarantined"
    GUARD_MANIFEST = "guard.manifest"
    OUT_OF_BAND = "db.out-of-band"
    CLOCK_ANOMALY = "clock.anomaly"
    CHECKPOINT_PUBLISHED = "checkpoint.published"


KINDS_WITHOUT_SUBJECT = frozenset(
    {
        EntryKind.SHEET_PUBLISHED,
        EntryKind.KEY_ROTATED,
        EntryKind.LOG_FROZEN,
        EntryKind.LOG_RESTORED,
        EntryKind.LOG_DELAYED,
        EntryKind.ENTRY_QUARANTINED,
        EntryKind.GUARD_MANIFEST,
        EntryKind.OUT_OF_BAND,
        EntryKind.CLOCK_ANOMALY,
        EntryKind.CHECKPOINT_PUBLISHED,
    }
)

# Known to the patient and to the advocate; whoever else works at the clinic reads of none of them, anywhere.
QUIET_KINDS = frozenset({EntryKind.COMPLAINT_MADE, EntryKind.COMPLAINT_ANSWERED})


class Via(StrEnum):
    """How an act reached us; stored with every act as its assurance level."""

    OWN_CARD = "own-card"  # the patient signed in with card and PIN
    CLINIC_TABLET = "clinic-tablet"  # staff handed over the tablet for this one consent
    SPOKEN_TO_STAFF = "spoken-to-staff"  # staff recorded the patient's word (only ever for a no)
    PAPER = "paper"  # the patient answered on paper; staff brought the scan of it
    STAFF = "staff"  # a staff act
    COMMAND = "command"  # a management command run by the operator of the server
    SYSTEM = "system"  # the software by itself, in the role of the administrator who runs it


class ReceiptWay(StrEnum):
    """How a slip reached its patient."""

    SCREEN = "screen"
    PRINT = "print"
    PDF = "pdf"
    FILE = "file"


class SignatureMethod(StrEnum):
    """How someone signed."""

    DRAWN = "drawn"
    TYPED = "typed"
    MARK = "mark"  # a mark or spoken yes, with a witness
    PAPER = "paper"  # signed on paper; the scan is kept, and two people have looked at it


class SignatureMeaning(StrEnum):
    """What a signature says (21 CFR 11.50: name, time, meaning)."""

    GIVES_CONSENT = "gives-consent"
    CONFIRMS_TODAY = "confirms-today"
    CERTIFIES_AS_OPERATOR = "certifies-as-operator"
    STATES_AS_INTERPRETER = "states-as-interpreter"
    STATES_AS_OBTAINER = "states-as-obtainer"


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
    """What the practitioner took for granted in the talk. An assessment is an act of its own."""

    PRESUMED = "presumed"
    IN_DOUBT = "in-doubt"


class CapacityFinding(StrEnum):
    """What an assessment found, for this decision at that time."""

    HAS = "has-capacity"
    LACKS = "lacks-capacity"


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
    SIGNAL = "signal"  # raised by the rules themselves; `Hold.signal` says which
    OTHER = "other"


class StopReason(StrEnum):
    """Why a procedure that had begun was stopped."""

    PATIENT_WITHDREW = "patient-withdrew"
    CLINICAL = "clinical"
    EQUIPMENT = "equipment"
    OTHER = "other"


class ReadingAid(StrEnum):
    """How a sheet reaches someone who does not read it as printed."""

    NOT_NEEDED = "not-needed"
    READ_ALOUD = "read-aloud"
    INTERPRETED_ALOUD = "interpreted-aloud"
    LARGE_PRINT = "large-print"
    SIGN_LANGUAGE = "sign-language"
    WRITTEN_TALK = "written-talk"
    EASY_WORDS = "easy-words-and-pictures"


class Referral(StrEnum):
    """Whether anyone sent the patient to the clinician who takes the consent."""

    NOBODY = "nobody"
    ANOTHER = "another-clinician"
    SAME = "the-same-clinician"


class ExcludedSubject(StrEnum):
    """People from whom nobody may take consent for a sterilisation (CR-008)."""

    COURT_DECLARED = "declared-unable-by-court"
    INSTITUTIONALISED = "held-in-institution"


class Purpose(StrEnum):
    """What an operation that ends fertility is for (CR-012)."""

    TREATMENT = "treatment"
    STERILISATION_ONLY = "sterilisation-only"


class CopyChoice(StrEnum):
    """How the patient wants her copy; she may leave it for her own safety."""

    PAPER = "paper"
    OWN_DEVICE = "own-device"
    DECLINED = "declined"


class CopyForm(StrEnum):
    """In what form a copy of the record reached the patient; that she left it for her own safety is one of them."""

    PAPER = "paper"
    OWN_DEVICE = "own-device"
    DECLINED_FOR_SAFETY = "declined-for-safety"


class PaperAnswer(StrEnum):
    """What a paper that came back says."""

    YES = "yes"
    NO = "no"
    TAKE_BACK = "take-back"


class PaperFault(StrEnum):
    """Why somebody who looked at a scan did not find it right."""

    ANOTHER_PATIENT = "another-patient"
    UNREADABLE = "unreadable"
    NOT_SIGNED = "not-signed"
    OTHER_ANSWER = "other-answer"
    OTHER_WORDS = "other-words"
    OTHER = "other"


class ScanType(StrEnum):
    """What kind of file a scan is, told by what is in it and never by its name."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    TIFF = "image/tiff"


class GuardianRelation(StrEnum):
    """Who speaks beside a young person."""

    PARENT = "parent"
    LEGAL_GUARDIAN = "legal-guardian"


class CannotConsent(StrEnum):
    """Why nobody can ask the patient in an emergency."""

    UNCONSCIOUS = "unconscious"
    TOO_ILL = "too-ill-to-understand"
    NO_SHARED_LANGUAGE_IN_TIME = "no-shared-language-in-time"


class Grounds(StrEnum):
    """The only grounds for care without consent."""

    LIFE = "save-life"
    SERIOUS_HARM = "prevent-serious-harm"


class ReviewFinding(StrEnum):
    """What the advocate found when looking at an emergency afterwards."""

    JUSTIFIED = "justified"
    QUESTIONED = "questioned"


class RemovalOutcome(StrEnum):
    """How a wish for removal ended. There is no `denied`."""

    REMOVED = "removed"
    PATIENT_KEEPS_IT = "patient-keeps-it"


class ErasureBasis(StrEnum):
    """Why a patient's personal data must go."""

    PATIENT_ASKED = "patient-asked"
    LAW = "law"
    COURT = "court"
    KEPT_LONG_ENOUGH = "kept-long-enough"


class ComplaintCategory(StrEnum):
    """What a patient complains of, in one tap."""

    CARE_REFUSED = "care-refused"
    PAPERS_WITHHELD = "papers-withheld"
    MONEY_ASKED = "money-asked"
    SENT_HOME = "sent-home"
    PUSHED_TO_DECIDE = "pushed-to-decide"
    OTHER = "other"


class CorrectionOutcome(StrEnum):
    """How the clinic answered a patient who found a mistake in her record."""

    CORRECTED = "corrected"
    NOT_CORRECTED = "not-corrected"


class BundlePart(StrEnum):
    """What a patient may put into the archive she takes home, beside the records she chooses."""

    OTHER_SYSTEMS = "other-systems"  # the files for another clinic's computer (FHIR)
    APPOINTMENTS = "appointments"
    LOOKS = "looks"
    VOICE = "complaints-and-corrections"
    OTHER_PROOFS = "other-proofs"  # of what she asked for apart from a record


class ExtractPart(StrEnum):
    """What a patient may put on a paper that she shows to others, beside kinds of care."""

    NEEDS = "needs"
    APPOINTMENTS = "appointments"
