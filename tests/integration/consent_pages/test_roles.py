"""Who may open which page: every role at every door of this floor, and strangers' things are nobody's things."""

import uuid

import pytest
from django.test import Client

from clinic.models import RecordView
from consent.models import Consent
from tests.factories import House
from tests.integration.adversary.world import slip_id
from tests.integration.consent_pages.people import address, held, staff, with_card, with_tablet

STAFF_PAGES = (
    "consent",
    "sheet",
    "consent-conversation",
    "consent-interpreter",
    "consent-obtainer",
    "consent-certify",
    "consent-spoken-no",
    "consent-supersede",
    "consent-report-error",
    "consent-mark-in-error",
    "consent-hold",
    "consent-assess-capacity",
    "consent-young-person",
    "consent-guardian",
    "consent-early-birth",
    "consent-belly-emergency",
)
PATIENT_PAGES = (
    "mine-consent",
    "mine-sheet",
    "mine-give",
    "mine-refuse",
    "mine-take-back",
    "mine-done",
    "mine-confirm",
)
WITHOUT_IDS = (
    "mine",
    "mine-slips",
    "mine-looked",
    "mine-download",
    "mine-extract",
    "mine-attendance",
    "holds",
    "shorter-waits",
    "audit",
    "erasures",
)
ROLES = (
    "anonymous",
    "midwife",
    "next-door",
    "receptionist",
    "advocate",
    "auditor",
    "administrator",
    "patient",
    "other-patient",
    "tablet",
)

TO_SIGN_IN = ("/sign-in/",)
TO_CARD = ("/card/",)
TO_MINE = ("/mine/",)

STAFF_ANSWERS = dict.fromkeys(ROLES, 404) | {"anonymous": TO_SIGN_IN, "midwife": 200, "tablet": TO_MINE}
PATIENT_ANSWERS = dict.fromkeys(ROLES, TO_CARD) | {"patient": 200, "other-patient": 404, "tablet": 200}
ANSWERS = {
    **dict.fromkeys(STAFF_PAGES, STAFF_ANSWERS),
    **dict.fromkeys(PATIENT_PAGES, PATIENT_ANSWERS),
    "mine-confirm": PATIENT_ANSWERS | {"patient": ("/mine/",), "tablet": ("/mine/",)},  # nothing to confirm yet
    "mine": PATIENT_ANSWERS | {"other-patient": 200, "tablet": ("/mine/",)},
    "mine-slips": PATIENT_ANSWERS | {"other-patient": 200},
    "patient-slips": STAFF_ANSWERS,
    "mine-slip": PATIENT_ANSWERS,
    "mine-slip-code": PATIENT_ANSWERS,
    "mine-looked": PATIENT_ANSWERS | {"other-patient": 200, "tablet": TO_MINE},
    **dict.fromkeys(
        ("mine-download", "mine-extract", "mine-attendance"),
        PATIENT_ANSWERS | {"other-patient": 200, "tablet": TO_MINE},
    ),
    "holds": STAFF_ANSWERS | {"midwife": 404, "advocate": 200},
    "erasures": STAFF_ANSWERS | {"midwife": 404, "advocate": 200, "administrator": 200},
    "audit": STAFF_ANSWERS | {"midwife": 404, "auditor": 200},
    "shorter-waits": STAFF_ANSWERS | {"next-door": 200},  # her own clinic's wishes
    "consent-shorter-wait": STAFF_ANSWERS | {"midwife": 404},  # nobody has asked for it
    "mine-shorter-wait": PATIENT_ANSWERS | {"patient": TO_MINE, "tablet": TO_MINE},  # there is no wait to shorten
    "hold-lift": STAFF_ANSWERS | {"midwife": 404, "advocate": 200},
    "consent-propose": STAFF_ANSWERS | {"midwife": ("/consents/",)},  # the open consent is shown instead
    "procedure-stop": STAFF_ANSWERS | {"midwife": 404},  # nothing has been started
    "procedure-finish": STAFF_ANSWERS | {"midwife": 404},
}


@pytest.fixture
def consent(house: House) -> Consent:
    """A consent that waits for its patient's answer."""
    return house.informed()


def browser_of(role: str, house: House, next_door: House, consent: Consent) -> Client:
    """A browser in which somebody of this role has arrived."""
    if role == "anonymous":
        return Client()
    if role == "patient":
        return with_card(consent.patient)
    if role == "other-patient":
        return with_card(house.patient("Test Patient Two"))
    if role == "tablet":
        return with_tablet(consent)
    if role == "next-door":
        return staff(next_door.midwife.account)
    return staff(house.midwife.account if role == "midwife" else getattr(house, role))


def check(response: object, expected: int | tuple[str], what: str) -> None:
    """Expects a status, or a redirection to an address that begins like this."""
    status = response.status_code  # type: ignore[attr-defined]
    if isinstance(expected, tuple):
        assert status in {302, 303}, (what, status)
        assert response.headers["Location"].startswith(expected[0]), what  # type: ignore[attr-defined]
    else:
        assert status == expected, (what, status)


@pytest.mark.parametrize("role", ROLES)
def test_each_page_for_each_role(role: str, house: House, next_door: House, consent: Consent) -> None:
    browser = browser_of(role, house, next_door, consent)
    for name in (*STAFF_PAGES, *PATIENT_PAGES, "consent-shorter-wait", "mine-shorter-wait"):
        response = browser.get(address(name, consent_id=consent.pk))
        check(response, ANSWERS[name][role], f"{name} for {role}")
    for name in ("consent-propose", "procedure-stop", "procedure-finish"):
        response = browser.get(address(name, procedure_id=consent.procedure_id))
        check(response, ANSWERS[name][role], f"{name} for {role}")
    for name in ("mine-slip", "mine-slip-code"):
        check(browser.get(address(name, entry_id=slip_id(consent))), ANSWERS[name][role], f"{name} for {role}")
    slips = browser.get(address("patient-slips", patient_id=consent.patient_id))
    check(slips, ANSWERS["patient-slips"][role], f"patient-slips for {role}")
    for name in WITHOUT_IDS:
        check(browser.get(address(name)), ANSWERS[name][role], f"{name} for {role}")


@pytest.mark.parametrize("role", ROLES)
def test_the_advocates_page_and_nobody_elses(role: str, house: House, next_door: House, consent: Consent) -> None:
    browser = browser_of(role, house, next_door, consent)
    hold = held(consent, house.midwife.account)
    check(browser.get(address("hold-lift", hold_id=hold.pk)), ANSWERS["hold-lift"][role], role)
    stranger = staff(next_door.advocate).get(address("hold-lift", hold_id=hold.pk))
    assert stranger.status_code == 404


@pytest.mark.parametrize("role", ROLES)
def test_the_acts_of_others_are_not_found(role: str, house: House, next_door: House, consent: Consent) -> None:
    browser = browser_of(role, house, next_door, consent)
    may_be_staff, may_be_patient = role == "midwife", role in {"patient", "tablet"}
    for name in STAFF_PAGES[2:]:
        response = browser.post(address(name, consent_id=consent.pk), {"words": "", "note": ""})
        assert may_be_staff or response.status_code in {404, 302, 303}, (name, role)
        if not may_be_staff and role not in {"anonymous", "tablet"}:
            assert response.status_code == 404, (name, role)
        if may_be_staff:
            break  # what the acts do for the right people is told elsewhere
    if not may_be_staff and not may_be_patient:
        for name in ("mine-give", "mine-refuse", "mine-more-time", "mine-confirm", "mine-take-back", "mine-record"):
            response = browser.post(address(name, consent_id=consent.pk))
            assert response.status_code in ({404} if role == "other-patient" else {303}), (name, role)
    after = Consent.objects.get(pk=consent.pk)
    assert (after.state, after.more_time_asked_at) == ("informed", None)


def test_foreign_and_unknown_are_the_same_page(house: House, next_door: House, consent: Consent) -> None:
    stranger, unknown = staff(next_door.midwife.account), uuid.uuid4()
    other_patient = with_card(house.patient("Test Patient Two"))
    for browser, names, key in (
        (stranger, STAFF_PAGES, "consent_id"),
        (other_patient, PATIENT_PAGES, "consent_id"),
        (stranger, ("consent-propose", "procedure-stop", "procedure-finish"), "procedure_id"),
    ):
        foreign_id = consent.pk if key == "consent_id" else consent.procedure_id
        for name in names:
            foreign = browser.get(address(name, **{key: foreign_id}))
            missing = browser.get(address(name, **{key: unknown}))
            assert foreign.status_code == missing.status_code == 404, name
            assert foreign.content == missing.content, name
    foreign = stranger.post(address("procedure-start", procedure_id=consent.procedure_id))
    missing = stranger.post(address("procedure-start", procedure_id=unknown))
    assert foreign.status_code == 404
    assert foreign.content == missing.content


def test_a_tablet_shows_one_consent_only(house: House, consent: Consent) -> None:
    other = house.informed(house.procedure(consent.patient))
    tablet = with_tablet(consent)
    for name in PATIENT_PAGES:
        assert tablet.get(address(name, consent_id=other.pk)).status_code == 404, name
    assert tablet.post(address("mine-refuse", consent_id=other.pk)).status_code == 404
    assert str(other.pk) not in tablet.get(address("mine"), follow=True).content.decode()


def test_a_look_by_staff_is_kept_and_a_strangers_is_not(house: House, next_door: House, consent: Consent) -> None:
    staff(next_door.midwife.account).get(address("consent", consent_id=consent.pk))
    assert not RecordView.objects.filter(patient=consent.patient, page="consent").exists()
    for name in STAFF_PAGES:
        staff(house.midwife.account).get(address(name, consent_id=consent.pk))
        assert RecordView.objects.filter(patient=consent.patient, page=name).exists(), name


def test_pages_answer_only_to_the_methods_they_know(house: House, consent: Consent) -> None:
    midwife, patient = staff(house.midwife.account), with_card(consent.patient)
    assert midwife.get(address("procedure-start", procedure_id=consent.procedure_id)).status_code == 405
    assert midwife.put(address("consent-certify", consent_id=consent.pk)).status_code == 405
    for name in ("mine-more-time", "mine-record"):
        assert patient.get(address(name, consent_id=consent.pk)).status_code == 405
    desk = staff(house.receptionist)  # a door that is closed says nothing about methods
    assert desk.get(address("procedure-start", procedure_id=consent.procedure_id)).status_code == 404
    assert desk.put(address("consent-certify", consent_id=consent.pk)).status_code == 404
