"""Words that no paper can show and that came past the forms: nothing is signed on them, and no act is halved."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models
from django.test import Client

from clinic.actions.check_in import check_in
from clinic.models import Patient, Site
from consent.actions.assess_capacity import assess_capacity
from consent.actions.inform import PersonInput, record_conversation
from consent.actions.record_guardian_word import record_guardian_word
from consent.actions.state_as_interpreter import state_as_interpreter
from consent.exceptions import ConsentError
from consent.guards import guarded_models
from consent.models import Consent, FrozenRecord, LedgerEntry, Signature
from consent.queries.printing import NEVER_REFUSED
from consent.queries.receipts import newest_slip_about
from consent.record.archive import members_of
from consent.record.check import texts_of
from consent.vocabulary import BundlePart, Decision, GuardianRelation, InterpreterQualification, PersonRole
from tests.factories import House, full_talk
from tests.integration.consent.acts_ability import TEST, limbs, young_consent
from tests.integration.consent_pages.people import address, staff, with_card
from tests.integration.ledger.world import drop_fence, restore_checks, taken_back, write_raw
from tests.records import record_now

pytestmark = pytest.mark.django_db
BAD = "A\u202eB\ue000"
# Texts that must be among those found to reach the paper; others may come.
KNOWN = {
    *("Account.display_name", "Conversation.interpreter_name", "Conversation.interpreter_organisation"),
    *("Conversation.what_matters", "GuardianWord.name", "InformationSheetVersion.content", "ProcedureType.names"),
    *("InformationSheetVersion.title", "Patient.latin_name", "Patient.name", "PersonPresent.name", "Consent.body_site"),
    *("QuestionAsked.answer", "QuestionAsked.question", "Signature.typed_name", "Site.name", "TeachBack.answer"),
    *("CapacityAssessment.support_tried",),
}


def about_to_sign(house: House) -> Consent:
    """A consent with words in every place that is filled before the patient signs."""
    by, offered = house.midwife.account, young_consent(house, TEST)
    talk = full_talk(
        offered,
        interpreter_name="Test Interpreter",
        interpreter_organisation="Test Interpreters",
        interpreter_qualification=InterpreterQualification.PROFESSIONAL,
        interpreter_is_companion=False,
        people=(PersonInput(role=PersonRole.RELATIVE, name="Test Sister", left_before_signing=True),),
    )
    record_conversation(consent_id=offered.pk, talk=talk, by=by, form_key=uuid.uuid4())
    state_as_interpreter(
        consent_id=offered.pk, typed_name="Test Interpreter", language="ug", organisation="Test Interpreters", by=by
    )
    assess_capacity(
        consent_id=offered.pk, limbs=limbs(), impairment="", support_tried="Pictures.", by=by, form_key=uuid.uuid4()
    )
    record_guardian_word(
        consent_id=offered.pk,
        name="Test Mother",
        relation=GuardianRelation.PARENT,
        decision=Decision.PERMIT,
        words="If she wants it.",
        by=by,
        form_key=uuid.uuid4(),
    )
    return Consent.objects.get(pk=offered.pk)


def free_texts() -> Iterator[tuple[type[models.Model], models.Field]]:
    """Every column of the house that can hold words, but for those of the ledger's own machinery."""
    for app in ("clinic", "consent"):
        for model in apps.get_app_config(app).get_models():
            if model.__name__.startswith("Ledger"):
                continue
            for field in model._meta.concrete_fields:
                is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
                if (is_text or isinstance(field, models.JSONField)) and field.name != NEVER_REFUSED:
                    yield model, field


def spoiled(value: Any) -> Any:
    """A JSON value with every word of it unprintable; its keys and ids stay."""
    if isinstance(value, dict):
        return {key: inner if key in {"id", "key"} else spoiled(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [spoiled(inner) for inner in value]
    return BAD if isinstance(value, str) else value


def tried(consent: Consent) -> Iterator[str]:
    """Puts BAD into one column of one row after the other; names those from which it reaches the paper."""
    for model, field in free_texts():
        raw = model._base_manager.values_list("pk", field.attname)
        for key, value in list(raw)[:12]:
            new = json.dumps(spoiled(value)) if isinstance(field, models.JSONField) else BAD
            with taken_back():
                if model in dict(guarded_models()):
                    drop_fence(model)
                try:
                    write_raw(model, field.column, model._meta.pk.get_db_prep_value(key, connection), new)
                    reaches = any(BAD in text for _name, text, _several in texts_of(record_now(consent)))
                except (DatabaseError, LookupError, ValueError, ConsentError, OSError):
                    reaches = False  # a code or a key that holds something together: no words
                if reaches:
                    yield f"{model.__name__}.{field.name}"
            restore_checks()


def test_nothing_is_signed_that_no_paper_can_show(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    consent = about_to_sign(house)
    browser = with_card(consent.patient)
    found: dict[str, int] = {}
    for name in tried(consent):
        found[name] = found.get(name, 0) + 1
        check_refused(browser, consent, name)
    with capsys.disabled():
        print(f"\ntexts that reach the paper, put in past the forms: {len(found)}: {sorted(found)}")  # noqa: T201
    assert KNOWN - set(found) == set()


def check_refused(browser: Client, consent: Consent, name: str) -> None:
    counted = [model.objects.count() for model in (Signature, LedgerEntry, FrozenRecord)]
    sent = {"shown_digest": consent.sheet_version.digest, "method": "typed", "typed_name": "Test Patient Young"}
    answer = browser.post(address("mine-give", consent_id=consent.pk), sent)
    assert answer.status_code in ({422} if name in KNOWN else {409, 422}), name
    page = answer.content.decode()
    assert answer.status_code == 409 or ("your paper could not be printed" in page and "[U+202E]" in page), name
    assert counted == [model.objects.count() for model in (Signature, LedgerEntry, FrozenRecord)], name
    assert Consent.objects.get(pk=consent.pk).state == consent.state, name


PRINTED_BY_HER = {
    "mine-record": {"language": "en"},
    "mine-slip-take": {"way": "pdf"},
    "mine-extract": {"parts": ["needs", "appointments"], "way": "paper", "language": "en"},
    "mine-attendance": {"way": "paper", "language": "en"},
}


@pytest.mark.parametrize("model", [Patient, Site], ids=lambda model: model.__name__)
def test_a_page_that_prints_says_so_and_never_breaks(model: type[models.Model], house: House) -> None:
    """Names that another program changed after the yes: no paper, a sentence instead; her archive comes without it."""
    consent = house.given()
    check_in(appointment_id=consent.procedure.appointment_id, by=house.receptionist)
    key = consent.patient_id if model is Patient else house.site.pk
    write_raw(model, "name", model._meta.pk.get_db_prep_value(key, connection), BAD)
    slip = newest_slip_about(consent)
    assert slip is not None
    ids = {"mine-record": {"consent_id": consent.pk}, "mine-slip-take": {"entry_id": slip.pk}}
    browser = with_card(Patient.objects.get(pk=consent.patient_id))
    for name, sent in PRINTED_BY_HER.items():
        visit = {"visit": str(consent.procedure.appointment_id)} if name == "mine-attendance" else {}
        answer = browser.post(address(name, **ids.get(name, {})), sent | visit)
        is_neutral = name == "mine-slip-take" and model is Patient  # a slip names no patient
        # What was frozen with the yes is printed as it was frozen.
        assert answer.status_code == (200 if is_neutral or name == "mine-record" else 409), name
    key = str(uuid.uuid4())
    printed = staff(house.midwife.account).post(
        address("consent-paper-print", consent_id=consent.pk), {"print-language": "en", "print-form_key": key}
    )
    assert printed.status_code == 409
    assert "record-1/record.html" in members_of(archive(browser, consent))


def archive(browser: Client, consent: Consent) -> bytes:
    chosen = {"records": [str(consent.pk)], "parts": [part.value for part in BundlePart], "language": "en"}
    answer = browser.post(address("mine-download"), chosen | {"form_key": str(uuid.uuid4())})
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)
