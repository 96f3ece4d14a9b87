"""Words for people: every closed list of this floor that a page shows, in translatable plain words.

Pages never print a code. A test asks that each member of each list that a page shows has its words here.

>>> str(STATE_WORDS[ConsentState.WITHDRAWN])
'Taken back'
"""

from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clinic.wording import PAGE_WORDS as GROUND_FLOOR_PAGE_WORDS
from consent.rules.sentences import translated
from consent.vocabulary import ConsentState, EntryKind, ErasureBasis, SignatureMeaning, SignatureMethod, Via


def said(english: str) -> str:
    """A sentence of the gate in the language of the page: the rule table carries its own, the rest is gettext's."""
    return translated(english, get_language() or "en") or gettext(english)


STATE_WORDS = {
    ConsentState.DRAFT: _("Not talked about yet"),
    ConsentState.INFORMED: _("Waiting for the patient's answer"),
    ConsentState.GIVEN: pgettext_lazy("consent", "Given"),
    ConsentState.CONFIRMED: _("Given, and said again on the day"),
    ConsentState.USED: _("Given, and the procedure was started"),
    ConsentState.REFUSED: pgettext_lazy("consent", "Refused"),
    ConsentState.WITHDRAWN: _("Taken back"),
    ConsentState.SUPERSEDED: _("Replaced by a newer one"),
    ConsentState.ENTERED_IN_ERROR: _("Entered in error"),
}

STATE_SENTENCES = {
    ConsentState.DRAFT: _("The sheet has been chosen. The conversation has not been recorded yet."),
    ConsentState.INFORMED: _("The conversation has been recorded. The patient has not answered yet."),
    ConsentState.GIVEN: _("The patient has said yes. She or he can take it back at any time."),
    ConsentState.CONFIRMED: _("The patient has said yes and has said it again on the day."),
    ConsentState.USED: _("The procedure was started on the strength of this consent."),
    ConsentState.REFUSED: _("The patient has said no. Nothing else in this care changes."),
    ConsentState.WITHDRAWN: _("The patient has taken the yes back. The procedure may not be started."),
    ConsentState.SUPERSEDED: _("A newer consent about the same procedure has taken its place."),
    ConsentState.ENTERED_IN_ERROR: _(
        "Two members of staff have said that this was entered by mistake. It counts for nothing."
    ),
}

PATIENT_STATE_SENTENCES = {
    ConsentState.DRAFT: _("You have been given this to read. A clinician will talk it over with you."),
    ConsentState.INFORMED: _("You have talked about this. You have not answered yet."),
    ConsentState.GIVEN: _("You said yes. You can take it back at any time."),
    ConsentState.CONFIRMED: _("You said yes, and you said it again on the day. You can still take it back."),
    ConsentState.USED: _("You said yes and the procedure was started."),
    ConsentState.REFUSED: _("You said no."),
    ConsentState.WITHDRAWN: _("You took your yes back."),
    ConsentState.SUPERSEDED: _("A newer paper about the same procedure has taken the place of this one."),
    ConsentState.ENTERED_IN_ERROR: _("The clinic entered this by mistake. It counts for nothing."),
}

ENTRY_WORDS = {
    EntryKind.SHEET_PUBLISHED: _("Information sheet published"),
    EntryKind.CONSENT_PROPOSED: _("Information sheet chosen"),
    EntryKind.CONSENT_INFORMED: _("Conversation recorded"),
    EntryKind.CONSENT_GIVEN: _("Patient said yes"),
    EntryKind.CONSENT_REFUSED: _("Patient said no"),
    EntryKind.MORE_TIME_ASKED: _("Patient asked for more time"),
    EntryKind.CONSENT_CONFIRMED: _("Patient said yes again on the day"),
    EntryKind.CONSENT_CERTIFIED: _("Operator signed"),
    EntryKind.CONSENT_WITHDRAWN: _("Patient took it back"),
    EntryKind.CONSENT_SUPERSEDED: _("Replaced by a newer consent"),
    EntryKind.ERROR_REPORTED: _("Mistake reported"),
    EntryKind.MARKED_IN_ERROR: _("Marked as entered in error"),
    EntryKind.HOLD_RAISED: _("Hold raised"),
    EntryKind.HOLD_LIFTED: _("Hold lifted"),
    EntryKind.START_REFUSED: _("Start refused"),
    EntryKind.PROCEDURE_STARTED: _("Procedure started"),
    EntryKind.PROCEDURE_STOPPED: _("Procedure stopped"),
    EntryKind.PROCEDURE_COMPLETED: _("Procedure finished"),
    EntryKind.RECORD_ISSUED: _("Copy of the record printed for the patient"),
    EntryKind.COPY_HANDED_OVER: _("Copy of the record taken by the patient, or left for safety"),
    EntryKind.OFFER_REFUSED: _("An offer was not allowed"),
    EntryKind.TALK_REQUESTED: _("Patient asked to talk about it again"),
    EntryKind.CLINICAL_FACT_RECORDED: _("New fact about the patient's health recorded"),
    EntryKind.INTERPRETER_STATED: _("Interpreter signed"),
    EntryKind.OBTAINER_STATED: _("The clinician who explained it signed"),
    EntryKind.CAPACITY_ASSESSED: _("Being able to decide was looked at"),
    EntryKind.YOUNG_PERSON_NOTED: _("Note about a young person deciding alone"),
    EntryKind.GUARDIAN_SPOKE: _("What a guardian said"),
    EntryKind.PREMATURE_BIRTH_CERTIFIED: _("Early birth certified"),
    EntryKind.ABDOMINAL_EMERGENCY_CERTIFIED: _("Emergency operation on the belly certified"),
    EntryKind.SHORTER_WAIT_ASKED: _("Patient asked for a shorter wait"),
    EntryKind.SHORTER_WAIT_ANSWERED: _("Wish for a shorter wait answered"),
    EntryKind.EMERGENCY_DECLARED: _("Emergency declared"),
    EntryKind.EMERGENCY_AGREED: _("Second clinician agreed to the emergency; procedure started"),
    EntryKind.EMERGENCY_REVIEWED: _("Emergency looked at by the advocate"),
    EntryKind.ADDITION_DECLARED: _("Addition during an operation declared"),
    EntryKind.ADDITION_AGREED: _("Second clinician agreed to the addition; it was started"),
    EntryKind.PATIENT_TOLD: _("Patient told what was done without the patient's word"),
    EntryKind.REMOVAL_ASKED: _("Patient asked to have a device taken out"),
    EntryKind.REMOVAL_ENDED: _("Wish to have the device taken out: settled"),
    EntryKind.REMOVAL_CONTRAINDICATED: _("Medical reason not to take the device out now"),
    EntryKind.REMOVAL_SECOND_OPINION: _("Second opinion on taking the device out"),
    EntryKind.COMPLAINT_MADE: _("Patient complained"),
    EntryKind.COMPLAINT_ANSWERED: _("Complaint answered by the advocate"),
    EntryKind.CORRECTION_ASKED: _("Patient asked for a correction"),
    EntryKind.CORRECTION_ANSWERED: _("Wish for a correction answered"),
    EntryKind.BUNDLE_TAKEN: _("Patient took a copy of her records as one file"),
    EntryKind.PAPER_PRINTED: _("Paper form printed"),
    EntryKind.PAPER_RECEIVED: _("Answer on paper came back"),
    EntryKind.PAPER_VERIFIED: _("Answer on paper looked at: it is right"),
    EntryKind.PAPER_REJECTED: _("Answer on paper looked at: it is not right"),
    EntryKind.RECORD_VIEWED: _("Record looked at"),
    EntryKind.RECEIPT_DELIVERED: _("Slip handed to the patient"),
    EntryKind.RECEIPT_DECLINED: _("Patient did not want the slip"),
    EntryKind.ERASURE_ASKED: _("Erasing a patient's personal data asked for"),
    EntryKind.SUBJECT_ERASED: _("A patient's personal data erased"),
    EntryKind.ENTRY_RECOVERED: _("Entry brought back from a patient's slip"),
    EntryKind.KEY_ROTATED: _("Key of the ledger replaced"),
    EntryKind.LOG_FROZEN: _("Ledger closed"),
    EntryKind.LOG_RESTORED: _("Ledger continued after a restore"),
    EntryKind.LOG_DELAYED: _("Entries sealed late"),
    EntryKind.ENTRY_QUARANTINED: _("Damaged entry set aside"),
    EntryKind.GUARD_MANIFEST: _("State of the database's guards"),
    EntryKind.OUT_OF_BAND: _("Change in the database past the software"),
    EntryKind.CLOCK_ANOMALY: _("Clock of the server went back"),
    EntryKind.CHECKPOINT_PUBLISHED: _("Checkpoint of the day published"),
}

VIA_WORDS = {
    Via.OWN_CARD: _("by the patient, signed in with card and PIN"),
    Via.CLINIC_TABLET: _("by the patient, on the clinic's tablet"),
    Via.SPOKEN_TO_STAFF: _("said to staff, who wrote it down"),
    Via.PAPER: _("by the patient, on paper"),
    Via.STAFF: _("by staff"),
    Via.COMMAND: _("by the person who runs the server"),
    Via.SYSTEM: _("by the software itself"),
}

ERASURE_BASIS_WORDS = {
    ErasureBasis.PATIENT_ASKED: _("The patient asked for it"),
    ErasureBasis.LAW: _("A law asks for it"),
    ErasureBasis.COURT: _("A court or authority has ordered it"),
    ErasureBasis.KEPT_LONG_ENOUGH: _("The record has been kept as long as it must be"),
}

# What she can choose on the screen.
METHOD_WORDS = {
    SignatureMethod.DRAWN: _("Draw my signature"),
    SignatureMethod.TYPED: _("Type my name"),
    SignatureMethod.MARK: _("Make a mark or say yes, with a witness"),
}

METHOD_DONE_WORDS = {
    SignatureMethod.DRAWN: _("Drawn on the screen"),
    SignatureMethod.TYPED: _("Name typed"),
    SignatureMethod.MARK: _("Mark or spoken yes, with a witness"),
    SignatureMethod.PAPER: _("Signed on paper; the scan is kept"),
}

# What a signature says. The patient and the operator read these words before they sign.
STATEMENTS = {
    SignatureMeaning.GIVES_CONSENT: _(
        "I have been told what is written on this sheet and could ask my questions. I decide this myself. "
        "I agree to this procedure. I know that I can take this back at any time, without a reason, and that "
        "nothing else in my care changes if I do."
    ),
    SignatureMeaning.CONFIRMS_TODAY: _("I still want this procedure today."),
    SignatureMeaning.CERTIFIES_AS_OPERATOR: _(
        "Shortly before the procedure I spoke with this patient again and explained what I am about to do. "
        "The patient understood it, was able to decide, and I saw no sign of pressure. "
        "I will stop as soon as it is safe if the patient says so."
    ),
    SignatureMeaning.STATES_AS_INTERPRETER: _(
        "I interpreted the whole talk and the whole sheet into the patient's language, leaving nothing out and "
        "adding nothing. As far as I could tell, the patient understood. I did not come with the patient and am "
        "not related to them."
    ),
    SignatureMeaning.STATES_AS_OBTAINER: _(
        "Before the patient signed I explained what would be done, that it is final, its discomforts, risks and "
        "benefits, and the other choices. I said that the patient may change their mind at any time and lose "
        "nothing. The patient seemed able to decide, understood, and decided freely."
    ),
}

# Pages about a patient that staff can open, for the list of who looked: by name of the address. All pages about one
# consent share their words on purpose: the list must not tell a person who forced a look at it that anybody worries.
_CONSENT_PAGE = _("The page about one of your procedures and your answer")
_REMOVAL_PAGE = _("The page about having your IUD or implant taken out")
OTHER_PAGE_WORDS = _("A page about you")
PAGE_WORDS = {
    **GROUND_FLOOR_PAGE_WORDS,
    "consent-propose": _CONSENT_PAGE,
    "consent": _CONSENT_PAGE,
    "consent-conversation": _CONSENT_PAGE,
    "consent-talk": _CONSENT_PAGE,
    "consent-interpreter": _CONSENT_PAGE,
    "consent-obtainer": _CONSENT_PAGE,
    "consent-certify": _CONSENT_PAGE,
    "consent-handed-paper": _CONSENT_PAGE,
    "consent-spoken-no": _CONSENT_PAGE,
    "consent-paper": _CONSENT_PAGE,
    "consent-paper-print": _CONSENT_PAGE,
    "consent-paper-scan": _CONSENT_PAGE,
    "consent-paper-enter": _CONSENT_PAGE,
    "consent-paper-page": _CONSENT_PAGE,
    "consent-supersede": _CONSENT_PAGE,
    "consent-report-error": _CONSENT_PAGE,
    "consent-mark-in-error": _CONSENT_PAGE,
    "consent-clinical-fact": _CONSENT_PAGE,
    "consent-hold": _CONSENT_PAGE,
    "consent-assess-capacity": _CONSENT_PAGE,
    "consent-young-person": _CONSENT_PAGE,
    "consent-guardian": _CONSENT_PAGE,
    "consent-early-birth": _CONSENT_PAGE,
    "consent-belly-emergency": _CONSENT_PAGE,
    "consent-shorter-wait": _CONSENT_PAGE,
    "hold-lift": _CONSENT_PAGE,
    "procedure-start": _CONSENT_PAGE,
    "procedure-stop": _CONSENT_PAGE,
    "procedure-finish": _CONSENT_PAGE,
    "emergency": _CONSENT_PAGE,
    "emergency-declare": _CONSENT_PAGE,
    "emergency-agree": _CONSENT_PAGE,
    "emergency-told": _CONSENT_PAGE,
    "emergency-review": _CONSENT_PAGE,
    "addition-declare": _CONSENT_PAGE,
    "removal-new": _REMOVAL_PAGE,
    "removal": _REMOVAL_PAGE,
    "removal-done": _REMOVAL_PAGE,
    "removal-reason": _REMOVAL_PAGE,
    "removal-opinion": _REMOVAL_PAGE,
    # Nothing in this list tells who forced a look at it that the patient complained.
    "complaint": OTHER_PAGE_WORDS,
    "complaint-new": OTHER_PAGE_WORDS,
    "correction": _("The correction you asked for"),
    "sheet": _("The information sheet you were given"),
    "patient-slips": _("The list of your proof slips, to print one for you"),
    "patient-slip-print": _("One of your proof slips, printed"),
    "mine-looked": _("This list"),
}
