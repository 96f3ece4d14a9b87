"""The clinic's tablet in the patient's hands: one consent, a short time, no way back but staff sign-in."""

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from clinic.accounts.middleware import ALWAYS_OPEN, OWN_CARD_ONLY
from clinic.models import TabletHandover
from consent.models import Consent
from tests.clock import MovableClock
from tests.factories import House

HERS = ("mine", "mine-consent", "mine-sheet", "mine-give", "mine-refuse", "mine-take-back")


@pytest.fixture
def consent(house: House) -> Consent:
    return house.informed()


@pytest.fixture
def tablet(ward: Client, consent: Consent) -> Client:
    """The midwife's browser after she handed it over."""
    answer = ward.post(reverse("procedure-hand-over", kwargs={"procedure_id": consent.procedure_id}))
    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("mine"))
    return ward


def filled(pattern: URLPattern, consent: Consent) -> str:
    ids = {
        "consent_id": consent.pk,
        "procedure_id": consent.procedure_id,
        "patient_id": consent.patient_id,
        "appointment_id": consent.procedure.appointment_id,
        "hold_id": consent.pk,
        "removal_id": consent.pk,
        "complaint_id": consent.pk,
        "correction_id": consent.pk,
        "entry_id": consent.pk,
        "scan_id": consent.pk,
        "page": 1,
        "step": "room",
        "digest": "0" * 64,
        "log_id": "0" * 32,
        "tile": "tile/0/000",
        "kind": "page",
    }
    return reverse(pattern.name, kwargs={name: ids[name] for name in pattern.pattern.converters})


def every_address() -> list[URLPattern]:
    return [pattern for part in get_resolver().url_patterns for pattern in part.url_patterns]


def test_every_other_address_leads_back(tablet: Client, consent: Consent) -> None:
    walked = 0
    for pattern in every_address():
        is_hers = pattern.name == "mine" or pattern.name.startswith("mine-")
        if pattern.name in ALWAYS_OPEN or (is_hers and pattern.name not in OWN_CARD_ONLY):
            continue
        for send in (tablet.get, tablet.post):
            answer = send(filled(pattern, consent))
            assert (answer.status_code, answer.headers["Location"]) == (303, reverse("mine")), pattern.name
        walked += 1
    assert walked > 35


def test_the_staff_sign_in_is_gone(tablet: Client) -> None:
    assert "_auth_user_id" not in tablet.session
    assert list(tablet.session.keys()) == ["handover"]


def test_the_patient_sees_only_this_consent(house: House, tablet: Client, consent: Consent) -> None:
    other = house.informed(house.procedure(consent.patient))
    page = tablet.get(reverse("mine"), follow=True)
    assert page.status_code == 200 and consent.patient.name in page.content.decode()
    assert tablet.get(reverse("mine-consent", kwargs={"consent_id": consent.pk})).status_code == 200
    assert tablet.get(reverse("mine-consent", kwargs={"consent_id": other.pk})).status_code == 404
    assert str(other.pk) not in page.content.decode()


def test_language_can_be_changed_in_the_patients_hands(tablet: Client) -> None:
    assert tablet.post(reverse("language"), {"language": "zh-hans", "next": "/mine/"}).headers["Location"] == "/mine/"
    assert tablet.post(reverse("large-text"), {"large": "1", "next": "/mine/"}).headers["Location"] == "/mine/"


def test_giving_back_ends_it_for_good(tablet: Client, consent: Consent) -> None:
    answer = tablet.post(reverse("hand-over-end"))
    assert answer.headers["Location"] == reverse("hand-over-ended")
    assert "give the tablet back" in tablet.get(reverse("hand-over-ended")).content.decode()
    assert TabletHandover.objects.get().closed_at is not None
    assert tablet.get(reverse("today")).headers["Location"].startswith(reverse("sign-in"))
    assert tablet.get(reverse("mine")).headers["Location"] == reverse("card-sign-in")


def test_it_ends_by_itself(tablet: Client, consent: Consent, movable_clock: MovableClock) -> None:
    movable_clock.forward(minutes=21)
    path = reverse("mine-refuse", kwargs={"consent_id": consent.pk})
    assert tablet.post(path).headers["Location"] == reverse("hand-over-ended")
    assert Consent.objects.get(pk=consent.pk).state == "informed"
    assert TabletHandover.objects.get().closed_at is not None
    assert not tablet.session.keys()


def test_a_second_tablet_ends_the_first(house: House, tablet: Client, consent: Consent) -> None:
    second = Client()
    second.force_login(house.midwife.account, backend="clinic.accounts.backends.StaffBackend")
    second.post(reverse("procedure-hand-over", kwargs={"procedure_id": consent.procedure_id}))
    assert second.get(reverse("mine"), follow=True).status_code == 200
    assert tablet.get(reverse("mine")).headers["Location"] == reverse("hand-over-ended")


def test_what_has_begun_is_not_handed_over(house: House, ward: Client) -> None:
    procedure = house.procedure()
    procedure.status = "completed"
    procedure.save()
    answer = ward.post(reverse("procedure-hand-over", kwargs={"procedure_id": procedure.pk}))
    assert answer.status_code == 409 and "not begun" in answer.content.decode()
    assert "_auth_user_id" in ward.session
