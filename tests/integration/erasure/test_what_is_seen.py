"""Whoever empties or alters rows without a sealed erasure, or after one, is found out."""

import uuid
from collections.abc import Callable

import pytest
from django.db import models

from clinic.models import Patient
from consent.keys import subject_keys
from consent.keys.subject_keys import destroy_key
from consent.models import Consent, Conversation, Erasure, PersonPresent, QuestionAsked, RedactedRow, Signature
from consent.models.guarding import history_model
from consent.queries.ledger import verify
from tests.factories import House
from tests.integration.ledger.world import drop_fence
from tests.story_erasure import erased

HistoricalConsent = history_model(Consent)


def behind_the_back(row: models.Model, **values: object) -> None:
    """Change columns as somebody with the database in hand would, guards down."""
    drop_fence(type(row))
    assert models.QuerySet(type(row)).filter(pk=row.pk).update(**values) == 1


def found() -> set[str]:
    return {finding.what for finding in verify().findings}


def test_words_emptied_without_an_erasure_are_found(house: House) -> None:
    talk = Conversation.objects.get(consent=house.given())
    behind_the_back(talk, what_matters="erased")
    assert found() == {"row-changed"}


def test_a_key_destroyed_without_an_erasure_is_found(house: House) -> None:
    consent = house.given()
    destroy_key(owner=consent.patient.ledger_subject)
    assert found() == {"row-changed"}


def test_a_made_up_erasure_without_its_entry_is_found(house: House) -> None:
    done = erased(house)
    talk = Conversation.objects.get(consent=house.given())
    entry = talk.consent.site.ledgers.get().entries.order_by("-leaf__index")[0]
    row = RedactedRow(
        erasure=done, entry=entry, model="consent.conversation", key=talk.pk.hex, commitments={}, link_salts={}
    )
    row.save(force_insert=True)
    behind_the_back(talk, what_matters="erased")
    assert found() == {"row-unnamed", "row-changed"}


AFTERWARDS: dict[str, Callable[[House, Patient], None]] = {
    "an open column of a row that never changes": lambda house, patient: behind_the_back(
        Conversation.objects.get(consent__patient=patient), minutes_alone=99
    ),
    "an open column of the consent": lambda house, patient: behind_the_back(
        Consent.objects.get(patient=patient), copy_choice="declined"
    ),
    "an open column of history": lambda house, patient: behind_the_back(
        HistoricalConsent.objects.filter(patient_id=patient.pk)[0], form_key=uuid.uuid4()
    ),
    "a link to another person": lambda house, patient: behind_the_back(
        Signature.objects.get(consent__patient=patient), signed_by=house.receptionist
    ),
    "new words where old ones were erased": lambda house, patient: behind_the_back(
        QuestionAsked.objects.filter(conversation__consent__patient=patient)[0], answer="No risk at all."
    ),
    "another code where one was erased": lambda house, patient: behind_the_back(
        PersonPresent.objects.filter(conversation__consent__patient=patient)[0], role="official"
    ),
    "a picture where one was erased": lambda house, patient: behind_the_back(
        Signature.objects.get(consent__patient=patient), image=b"\x89PNG"
    ),
    "nothing at all where one was erased": lambda house, patient: behind_the_back(
        Signature.objects.get(consent__patient=patient), image=None
    ),
    "what is kept of a row": lambda house, patient: behind_the_back(
        RedactedRow.objects.filter(model="consent.consent")[0], commitments={"body_site": "0" * 64}
    ),
    "the salt of a link": lambda house, patient: behind_the_back(
        RedactedRow.objects.filter(model="consent.consent")[0], link_salts={"given_by": "0" * 64}
    ),
    "who erased": lambda house, patient: behind_the_back(Erasure.objects.get(), erased_by=house.receptionist),
}


@pytest.mark.parametrize("what", AFTERWARDS)
def test_after_an_erasure_every_further_change_is_found(house: House, what: str) -> None:
    patient = house.given().patient
    erased(house, patient)
    assert found() == set()
    AFTERWARDS[what](house, patient)
    assert "row-changed" in found()


def test_a_key_that_comes_back_from_a_backup_is_found(house: House, settings) -> None:
    patient = house.given().patient
    path = subject_keys._path(patient.ledger_subject, 1)
    content = path.read_bytes()
    erased(house, patient)
    assert not path.exists()
    path.write_bytes(content)
    assert found() == {"erasure-unfinished"}
