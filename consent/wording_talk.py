"""Words for the closed lists that staff choose from: the talk, being able to decide, emergencies, removals."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consent.vocabulary import (
    CannotConsent,
    Capacity,
    CapacityFinding,
    CopyChoice,
    CopyForm,
    ExcludedSubject,
    Grounds,
    GuardianRelation,
    HoldReason,
    InterpreterQualification,
    PersonRole,
    Purpose,
    ReadingAid,
    Referral,
    RemovalOutcome,
    RequestSource,
    ReviewFinding,
    SigningState,
    StopReason,
)

PERSON_ROLE_WORDS = {
    PersonRole.PRACTITIONER: _("Another clinician"),
    PersonRole.INTERPRETER: pgettext_lazy("person", "Interpreter"),
    PersonRole.WITNESS: pgettext_lazy("person", "Witness"),
    PersonRole.PARTNER: _("Husband, wife or partner"),
    PersonRole.RELATIVE: _("Relative"),
    PersonRole.FRIEND: _("Friend"),
    PersonRole.CARER: _("Carer"),
    PersonRole.STUDENT: _("Student"),
    PersonRole.EMPLOYER: _("Employer"),
    PersonRole.OFFICIAL: _("Official"),
    PersonRole.POLICE: _("Police"),
    PersonRole.OTHER: _("Someone else"),
}

REQUEST_SOURCE_WORDS = {
    RequestSource.PATIENT: _("The patient"),
    RequestSource.PRACTITIONER: _("A clinician"),
    RequestSource.PARTNER_OR_RELATIVE: _("Partner or relative"),
    RequestSource.OFFICIAL_OR_EMPLOYER: _("An official or an employer"),
    RequestSource.OTHER: _("Someone else"),
    RequestSource.UNKNOWN: _("Not known"),
}

CAPACITY_WORDS = {
    Capacity.PRESUMED: _("No doubt: the patient can decide this"),
    Capacity.IN_DOUBT: _("In doubt"),
}

CAPACITY_FINDING_WORDS = {
    CapacityFinding.HAS: _("Looked at closely: the patient can decide this"),
    CapacityFinding.LACKS: _("Looked at closely: the patient cannot decide this now"),
}

READING_AID_WORDS = {
    ReadingAid.NOT_NEEDED: _("None: the patient reads the sheet"),
    ReadingAid.READ_ALOUD: _("Read aloud"),
    ReadingAid.INTERPRETED_ALOUD: _("Read aloud in the patient's language by an interpreter"),
    ReadingAid.LARGE_PRINT: _("Large print"),
    ReadingAid.SIGN_LANGUAGE: _("Sign language"),
    ReadingAid.WRITTEN_TALK: _("The talk in writing"),
    ReadingAid.EASY_WORDS: _("Easy words and pictures"),
}

REFERRAL_WORDS = {
    Referral.NOBODY: _("Nobody sent the patient"),
    Referral.ANOTHER: _("Another clinician did"),
    Referral.SAME: _("I did"),
}

EXCLUDED_SUBJECT_WORDS = {
    ExcludedSubject.COURT_DECLARED: _("A court has declared the patient unable to decide this"),
    ExcludedSubject.INSTITUTIONALISED: _("Held in a prison, a closed ward or another institution"),
}

PURPOSE_WORDS = {
    Purpose.TREATMENT: _("To treat an illness"),
    Purpose.STERILISATION_ONLY: _("Only so that the patient has no more children"),
}

COPY_CHOICE_WORDS = {
    CopyChoice.PAPER: _("On paper"),
    CopyChoice.OWN_DEVICE: _("On my own phone"),
    CopyChoice.DECLINED: _("Not now; it is safer without"),
}

COPY_FORM_WORDS = {
    CopyForm.PAPER: _("I took it on paper"),
    CopyForm.OWN_DEVICE: _("I took it on my own device"),
    CopyForm.DECLINED_FOR_SAFETY: _("I do not want a copy, for my own safety"),
}

GUARDIAN_RELATION_WORDS = {
    GuardianRelation.PARENT: _("Parent"),
    GuardianRelation.LEGAL_GUARDIAN: _("Legal guardian"),
}

CANNOT_CONSENT_WORDS = {
    CannotConsent.UNCONSCIOUS: _("Unconscious"),
    CannotConsent.TOO_ILL: _("Too ill to understand"),
    CannotConsent.NO_SHARED_LANGUAGE_IN_TIME: _("No language in common, and no time to find an interpreter"),
}

GROUNDS_WORDS = {
    Grounds.LIFE: _("To save life"),
    Grounds.SERIOUS_HARM: _("To prevent serious harm"),
}

REVIEW_FINDING_WORDS = {
    ReviewFinding.JUSTIFIED: _("There was no other way"),
    ReviewFinding.QUESTIONED: _("There are questions; it goes further"),
}

REMOVAL_OUTCOME_WORDS = {
    RemovalOutcome.REMOVED: _("Taken out"),
    RemovalOutcome.PATIENT_KEEPS_IT: _("The patient decided to keep it"),
}

SIGNING_STATE_WORDS = {
    SigningState.LABOUR: _("In labour"),
    SigningState.CHILDBIRTH: _("Giving birth"),
    SigningState.SEEKING_ABORTION: _("Asking for or having an abortion"),
    SigningState.INTOXICATED: _("Under alcohol or another substance"),
    SigningState.SEDATED: _("Sedated, or given medicine before an operation, in the last 24 hours"),
    SigningState.AFTER_BIRTH_OR_ABORTION: _("Within 24 hours after a birth or an abortion"),
    SigningState.ON_THE_TABLE: _("On the operating table"),
    SigningState.DETAINED: _("Detained or in custody"),
    SigningState.SEVERE_PAIN: _("In severe, sudden pain"),
}

INTERPRETER_WORDS = {
    InterpreterQualification.PROFESSIONAL: _("Professional interpreter"),
    InterpreterQualification.TRAINED_STAFF: _("Member of staff trained to interpret"),
    InterpreterQualification.TELEPHONE_SERVICE: _("Telephone or video service"),
    InterpreterQualification.UNQUALIFIED: _("Someone without training"),
}

HOLD_REASON_WORDS = {
    HoldReason.PRESSURE: _("The decision may not be free"),
    HoldReason.COMPANION_WOULD_NOT_LEAVE: _("A companion would not leave the room"),
    HoldReason.OFFICIAL_PRESENT: _("An official, an employer or the police were present"),
    HoldReason.CAPACITY_IN_DOUBT: _("It is in doubt whether the patient can decide this now"),
    HoldReason.SIGNAL: _("The rules of this clinic ask for a look by the advocate"),
    HoldReason.OTHER: _("Something else"),
}

STOP_REASON_WORDS = {
    StopReason.PATIENT_WITHDREW: _("The patient said stop"),
    StopReason.CLINICAL: _("A medical reason"),
    StopReason.EQUIPMENT: _("Something did not work"),
    StopReason.OTHER: _("Something else"),
}
