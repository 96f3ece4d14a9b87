"""What has to be so before a procedure may be offered at all, and that a newer sheet passes the same gate."""

from typing import Any

import pytest

from clinic.models import Procedure, ProcedureType
from clinic.vocabulary import AccessNeed, Particular, ProcedureCategory
from consent.actions import publish_sheets as publishing
from consent.actions.refuse import refuse_consent
from consent.actions.supersede import supersede_consent
from consent.exceptions import IncompleteSheetError
from consent.models import Consent, LedgerEntry, RefusedOffer
from consent.queries.offers import offer_questions
from consent.vocabulary import ConsentState, EntryKind, ExcludedSubject, Purpose, ReadingAid, RequestSource, Via
from tests.factories import House
from tests.integration.consent.test_offer import refused, unmet
from tests.unit.rules.sheets import complete_sheet


@pytest.fixture
def surgery(house: House) -> House:
    """The same clinic, with the sheet about tubal ligation."""
    house.publish("tubal-ligation")
    return house


def published(house: House, monkeypatch: pytest.MonkeyPatch, category: ProcedureCategory, **row: Any) -> Procedure:
    """A plan for a kind of care whose invented sheet has just been published."""
    sheet = complete_sheet(category)
    sheet["procedure"] |= row
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "read_sheets", lambda _folder: [("some-sheet/en.toml", sheet)])
        publishing.publish_sheets(site_id=house.site.pk, by=house.administrator)
    return house.procedure(code="some-procedure")


def test_a_sterilisation_asks_who_may_not_be_asked(surgery: House) -> None:
    procedure = surgery.procedure(code="tubal-ligation")
    assert offer_questions(procedure).asks_excluded
    assert not offer_questions(surgery.procedure()).asks_excluded
    assert unmet(surgery.offered(procedure, excluded_as=None)) == {"excluded-subjects"}
    assert unmet(surgery.offered(procedure, excluded_as=(ExcludedSubject.INSTITUTIONALISED,))) == {"excluded-subjects"}
    consent = surgery.offered(procedure, excluded_as=()).consent
    assert consent is not None
    assert consent.excluded_as == []


def test_a_hysterectomy_asks_what_it_is_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    procedure = published(house, monkeypatch, ProcedureCategory.MAJOR, particular="hysterectomy")
    assert ProcedureType.objects.get(code="some-procedure").particular == Particular.HYSTERECTOMY
    assert offer_questions(procedure).asks_purpose
    assert unmet(house.offered(procedure)) == {"sterilising-purpose"}
    assert unmet(house.offered(procedure, purpose=Purpose.STERILISATION_ONLY)) == {"sterilising-purpose"}
    consent = house.offered(procedure, purpose=Purpose.TREATMENT).consent
    assert consent is not None
    assert consent.purpose == Purpose.TREATMENT


def test_an_experiment_needs_an_approved_study(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    procedure = published(house, monkeypatch, ProcedureCategory.MINOR, is_experimental=True)
    assert unmet(house.offered(procedure)) == {"ethics-approval"}


def test_an_experiment_in_an_approved_study_may_be_offered(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"is_experimental": True, "ethics_approval": "TEST-2027-001"}
    assert house.offered(published(house, monkeypatch, ProcedureCategory.MINOR, **row)).consent is not None


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ({"particular": "haircut"}, "Unknown particular"),
        ({"particular": "hysterectomy"}, "is of the category MAJOR"),
        ({"is_experimental": "no"}, "is_experimental must be true or false"),
    ],
)
def test_a_sheet_that_names_a_particular_wrongly_is_not_published(
    house: House, monkeypatch: pytest.MonkeyPatch, row: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(IncompleteSheetError, match=complaint):
        published(house, monkeypatch, ProcedureCategory.MINOR, **row)


def test_the_pregnancy_test_is_known_as_one(house: House) -> None:
    house.publish("pregnancy-test")
    assert ProcedureType.objects.get(code="pregnancy-test").particular == Particular.PREGNANCY_TEST
    consent = refused(house, house.procedure(code="pregnancy-test"))
    answer = house.offered(consent.procedure)
    assert unmet(answer) == {"re-offer-days"}
    assert answer.verdict.unmet[0].earliest_at is None, "until she asks"


@pytest.mark.parametrize("aid", [None, ReadingAid.READ_ALOUD, ReadingAid.NOT_NEEDED])
def test_a_sheet_in_a_strange_language_has_to_be_interpreted(house: House, aid: ReadingAid | None) -> None:
    procedure = house.procedure(house.patient(languages=["fr"]))
    assert unmet(house.offered(procedure, reading_aid=aid)) == {"sheet-in-language"}
    assert house.offered(procedure, reading_aid=ReadingAid.INTERPRETED_ALOUD).consent is not None


def test_what_keeps_her_from_reading_is_asked_and_met(house: House) -> None:
    unknown = house.procedure(house.patient(access_needs=None))
    assert unmet(house.offered(unknown)) == {"accessible-mode"}
    blind = house.procedure(house.patient(access_needs=[AccessNeed.BLIND]))
    assert offer_questions(blind).asks_reading_aid
    assert unmet(house.offered(blind)) == {"accessible-mode"}
    assert house.offered(blind, reading_aid=ReadingAid.READ_ALOUD).consent is not None


def test_what_an_office_asks_for_is_not_offered(house: House) -> None:
    procedure = house.procedure()
    answer = house.offered(procedure, request_source=RequestSource.OFFICIAL_OR_EMPLOYER)
    assert unmet(answer) == {"request-source"}
    assert RefusedOffer.objects.get().unmet == ["request-source"]


# --------------------------------------------------------------------------------------------------- a newer sheet


def test_a_newer_sheet_is_no_new_asking(house: House) -> None:
    patient = house.patient()
    open_one, other = (house.proposed(house.procedure(patient)) for _plan in range(2))
    refuse_consent(consent_id=other.pk, by=patient.account, via=Via.OWN_CARD)
    assert unmet(house.offered(other.procedure)) == {"re-offer-days"}
    assert house.superseded(open_one).supersedes_id == open_one.pk


def test_a_newer_sheet_passes_the_same_gate(house: House) -> None:
    consent = house.proposed()
    key = consent.pk
    answers = [
        supersede_consent(consent_id=consent.pk, language="zh-Hans", by=house.midwife.account, form_key=key)
        for _click in range(2)
    ]
    assert [unmet(answer) for answer in answers] == [{"sheet-in-language"}] * 2
    assert Consent.objects.get().state == ConsentState.DRAFT, "the open one stays as it was"
    assert RefusedOffer.objects.count() == 1
    assert LedgerEntry.objects.filter(kind=EntryKind.OFFER_REFUSED).count() == 1
    assert house.superseded(consent, "zh-Hans").reading_aid == ReadingAid.INTERPRETED_ALOUD


def test_what_was_answered_before_is_kept_for_the_newer_sheet(surgery: House) -> None:
    consent = surgery.proposed(surgery.procedure(code="tubal-ligation"))
    assert surgery.superseded(consent).excluded_as == []
