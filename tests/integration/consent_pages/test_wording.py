"""Every code that a page shows has words, and every page that staff can open about a patient has a name for her."""

from enum import Enum

import pytest
from django.urls import get_resolver

from consent import vocabulary, wording, wording_paper, wording_talk, wording_voice
from consent.queries import record_papers, status
from consent.queries.pages import PERMISSION_FOR

TABLES = {
    vocabulary.ConsentState: (
        wording.STATE_WORDS,
        wording.STATE_SENTENCES,
        wording.PATIENT_STATE_SENTENCES,
    ),
    vocabulary.EntryKind: (wording.ENTRY_WORDS,),
    vocabulary.ErasureBasis: (wording.ERASURE_BASIS_WORDS,),
    vocabulary.Via: (wording.VIA_WORDS,),
    vocabulary.SignatureMethod: (wording.METHOD_DONE_WORDS,),
    vocabulary.SignatureMeaning: (wording.STATEMENTS,),
    vocabulary.PersonRole: (wording_talk.PERSON_ROLE_WORDS,),
    vocabulary.RequestSource: (wording_talk.REQUEST_SOURCE_WORDS,),
    vocabulary.Capacity: (wording_talk.CAPACITY_WORDS,),
    vocabulary.CapacityFinding: (wording_talk.CAPACITY_FINDING_WORDS,),
    vocabulary.SigningState: (wording_talk.SIGNING_STATE_WORDS,),
    vocabulary.InterpreterQualification: (wording_talk.INTERPRETER_WORDS,),
    vocabulary.HoldReason: (wording_talk.HOLD_REASON_WORDS,),
    vocabulary.StopReason: (wording_talk.STOP_REASON_WORDS,),
    vocabulary.ReadingAid: (wording_talk.READING_AID_WORDS,),
    vocabulary.Referral: (wording_talk.REFERRAL_WORDS,),
    vocabulary.ExcludedSubject: (wording_talk.EXCLUDED_SUBJECT_WORDS,),
    vocabulary.Purpose: (wording_talk.PURPOSE_WORDS,),
    vocabulary.CopyChoice: (wording_talk.COPY_CHOICE_WORDS,),
    vocabulary.CopyForm: (wording_talk.COPY_FORM_WORDS,),
    vocabulary.GuardianRelation: (wording_talk.GUARDIAN_RELATION_WORDS,),
    vocabulary.CannotConsent: (wording_talk.CANNOT_CONSENT_WORDS,),
    vocabulary.Grounds: (wording_talk.GROUNDS_WORDS,),
    vocabulary.ReviewFinding: (wording_talk.REVIEW_FINDING_WORDS,),
    vocabulary.RemovalOutcome: (wording_talk.REMOVAL_OUTCOME_WORDS,),
    vocabulary.ComplaintCategory: (wording_voice.COMPLAINT_CATEGORY_WORDS,),
    vocabulary.CorrectionOutcome: (wording_voice.CORRECTION_OUTCOME_WORDS,),
    vocabulary.BundlePart: (wording_voice.BUNDLE_PART_WORDS,),
    vocabulary.ExtractPart: (wording_voice.EXTRACT_PART_WORDS,),
    vocabulary.PaperAnswer: (wording_paper.PAPER_ANSWER_WORDS, record_papers.OWN_ANSWER_WORDS),
    vocabulary.PaperFault: (wording_paper.PAPER_FAULT_WORDS,),
}
# Lists that no page shows, and what it shows instead.
NEVER_SHOWN = {
    vocabulary.Act: "each button has a sentence of its own",
    vocabulary.Decision: "the state says it",
    vocabulary.EndReason: "the state says it",
    vocabulary.ReceiptWay: "each button has words of its own",
    vocabulary.ScanType: "the page shows the pages themselves",
}
# Pages of the upper floor that tell a member of staff nothing about one patient.
NOT_ABOUT_ONE_PATIENT = {"holds"}


def test_no_list_is_forgotten() -> None:
    lists = {
        thing
        for thing in vars(vocabulary).values()
        if isinstance(thing, type) and issubclass(thing, Enum) and thing.__module__ == vocabulary.__name__
    }
    assert lists == set(TABLES) | set(NEVER_SHOWN)


@pytest.mark.parametrize("codes", TABLES, ids=lambda codes: codes.__name__)
def test_each_code_has_words(codes: type[Enum]) -> None:
    for table in TABLES[codes]:
        assert set(table) == set(codes)
        assert all(str(words).strip() for words in table.values())


def test_the_ways_to_sign_on_the_screen_are_all_but_paper() -> None:
    assert set(wording.METHOD_WORDS) == set(vocabulary.SignatureMethod) - {vocabulary.SignatureMethod.PAPER}


def test_each_light_has_words_and_a_shape() -> None:
    assert set(status.WORDS) == set(status.STYLES)
    assert len({str(words) for words in status.WORDS.values()}) == len(status.WORDS)


def test_each_staff_page_has_a_name_in_the_list_of_who_looked() -> None:
    names = {key for key in get_resolver().reverse_dict if isinstance(key, str)}
    ours = {name for name in names if name.startswith(("consent", "sheet", "hold", "procedure-st", "procedure-fin"))}
    assert "consent-hold" in ours
    assert ours - NOT_ABOUT_ONE_PATIENT <= set(wording.PAGE_WORDS)


def test_no_page_about_a_consent_tells_why_it_was_opened() -> None:
    said = {str(words) for name, words in wording.PAGE_WORDS.items() if name.startswith(("consent", "hold"))}
    assert said == {str(wording.PAGE_WORDS["consent"])}


def test_each_button_has_its_permission() -> None:
    acts = {act.value for act in vocabulary.Act}
    patients_own = {"give", "refuse", "ask-for-time", "confirm", "withdraw"}
    assert acts - patients_own <= set(PERMISSION_FOR)
