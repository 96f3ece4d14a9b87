"""One patient's story for her FHIR files, and a way to write a bundle down that does not depend on ids and digests."""

import json
import re
import uuid
from typing import Any

from clinic.models import Patient
from consent.actions.finish_procedure import finish_procedure
from consent.actions.refuse import refuse_consent
from consent.actions.start_procedure import start_procedure
from consent.actions.withdraw import withdraw_consent
from consent.vocabulary import Via
from tests.factories import House
from tests.integration.consent.acts_emergency import agree_to_add, operation, under_way

UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}(?![0-9a-f])")
DIGEST = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
SECONDS = re.compile(r":\d\d\.\d{3}(?=[+-]\d\d:\d\d$)")


def told(house: House) -> Patient:
    """A patient who said yes and was treated, said no, said yes and took it back, and could once not be asked."""
    patient = house.patient(name="测试患者一", latin_name="Test Patient One", languages=["en", "zh-Hans"])
    done = house.ready(house.procedure(patient))
    start_procedure(procedure_id=done.procedure_id, by=house.midwife.account)
    finish_procedure(procedure_id=done.procedure_id, note="A note of the staff.", by=house.midwife.account)
    under_way(house, operation(house, patient))
    refused = house.informed(house.procedure(patient, code="early-abortion"))
    refuse_consent(consent_id=refused.pk, by=house.midwife.account, via=Via.SPOKEN_TO_STAFF, words="Her own words.")
    taken_back = house.given(house.procedure(patient, code="implant-insertion"))
    withdraw_consent(consent_id=taken_back.pk, by=patient.account, via=Via.OWN_CARD, words="Her own words.")
    return patient


def added_to(house: House) -> Patient:
    """A patient to whose operation something was added."""
    start = agree_to_add(house)().row
    return Patient.objects.get(procedures=start.procedure_id)


def written_down(bundle: dict[str, Any]) -> str:
    """A bundle with its ids numbered, its digests and pictures named, its times to the minute, in a stable order."""
    plain = _told(bundle)
    plain["entry"].sort(key=lambda one: (one["resource"]["resourceType"], UUID.sub("", json.dumps(one))))
    numbers: dict[str, int] = {}

    def numbered(found: re.Match[str]) -> str:
        key = uuid.UUID(found.group()).hex
        return f"#{numbers.setdefault(key, len(numbers) + 1)}"

    return UUID.sub(numbered, json.dumps(plain, indent=1, sort_keys=True, ensure_ascii=False)) + "\n"


def _told(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: "(a picture)" if key == "data" and isinstance(part, str) else _told(part)
                for key, part in value.items()}  # fmt: skip
    if isinstance(value, list):
        return [_told(part) for part in value]
    return SECONDS.sub("", DIGEST.sub("(a digest)", value)) if isinstance(value, str) else value
