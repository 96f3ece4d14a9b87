"""Every form of the house, filled so that it would be accepted, and the values nobody should send."""

import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import reverse

from tests.factories import PIN
from tests.integration.adversary.world import World, browser_of, staff

TEXTS: dict[str, str] = {
    "NUL": "Ann\x00Lee",
    "control": "Ann\x07\x1b[31mLee",
    "invisible": "\u200b\u2060\u200d",
    "bidi": "Ann \u202eeeL\u202c",
    "emoji": "👩🏽‍⚕️ Ann",
    "markup": "<script>alert(1)</script><b onmouseover=x>&amp;",
    "quotes": "'; DROP TABLE clinic_patient; --\"",
    "template": "{{ 7*7 }} {% debug %} %(x)s %s ${x}",
    "40 KB": "A" * 40_000,
    "not a character": "Ann\uffff\ufdd0",
    "grows when composed": "\U0001d160" * 190,
    "private": "\ue000\U0010ffff",
}
CODES = ("", "nothing", "PATIENT", "patient\x00", "['patient']", "\U0010ffff")
NUMBERS = ("-1", "1e9", "NaN", "1" * 5000, "12.5", "٣", "", "32768", "2147483648", "10\x00")
DAYS = (
    "0001-01-01",
    "9999-12-31",
    "2027-02-31",
    "10000-01-01",
    "-1-01-01",
    "\uff12\uff10\uff12\uff17-01-18",
    "31/02/2027",
    "\x00",
)
TIMES = ("00:00", "23:59", "24:00", "25:61", "09:30:59.9", "٠٩:٣٠", "\x00")
KEYS = ("", "x", "{" + str(uuid.UUID(int=5)) + "}", "urn:uuid:" + str(uuid.UUID(int=6)), "\x00" * 36, "9" * 400)


@dataclass(frozen=True)
class Filled:
    """A form as somebody would send it. `words` are its fields for free words, all of which get the same value."""

    role: str
    path: str
    values: dict[str, Any]
    words: tuple[str, ...] = ()
    others: dict[str, tuple[str, ...]] = field(default_factory=dict)


def desk_forms(world: World) -> dict[str, Filled]:
    of_patient = {"patient_id": world.own["patient_id"]}
    person = {
        "name": "Ann Lee",
        "birth_date": "1990-01-01",
        "first_language": "en",
        "safe_contact": "none",
        "has_looked": "on",
        "form_key": str(uuid.uuid4()),
    }
    booking = {
        "practitioner": str(world.house.midwife.pk),
        "day": "2027-03-01",
        "time": "09:00",
        "minutes": "30",
        "form_key": str(uuid.uuid4()),
    }
    of_booking = {"practitioner": CODES, "day": DAYS, "time": TIMES, "minutes": NUMBERS, "form_key": KEYS}
    words = ("name", "latin_name", "communication_needs", "contact_detail")
    move = reverse("appointment-move", kwargs={"appointment_id": world.own["appointment_id"]})
    codes = {"access_needs": CODES, "first_language": CODES, "third_language": CODES, "safe_contact": CODES}
    pin = {"pin": NUMBERS, "pin_again": NUMBERS}
    return {
        "register": Filled(
            "receptionist", reverse("patient-new"), person, words, {"birth_date": DAYS, "form_key": KEYS, **codes}
        ),
        "search": Filled(
            "receptionist",
            reverse("patients"),
            {"name_part": "Ann", "birth_date": "1990-01-01"},
            ("name_part",),
            {"birth_date": DAYS},
        ),
        "card search": Filled("receptionist", reverse("patients"), {"card_code": "ABCD2345"}, ("card_code",)),
        "card": Filled(
            "receptionist", reverse("patient-card", kwargs=of_patient), {"pin": PIN, "pin_again": PIN}, ("pin",), pin
        ),
        "book": Filled("receptionist", reverse("appointment-new", kwargs=of_patient), booking, (), of_booking),
        "move": Filled("receptionist", move, booking, (), of_booking),
    }


def ward_forms(world: World) -> dict[str, Filled]:
    ids = world.own
    of_patient, of_consent = {"patient_id": ids["patient_id"]}, {"consent_id": ids["consent_id"]}
    plan = {
        "procedure_type": str(world.consent.procedure.procedure_type_id),
        "laterality": "not-applicable",
        "operator": str(world.house.midwife.pk),
        "appointment": str(ids["appointment_id"]),
        "form_key": str(uuid.uuid4()),
    }
    codes = dict.fromkeys(("procedure_type", "laterality", "operator", "appointment", "accompanies_birth"), CODES)
    proposal = {"language": "en", "request_source": "patient", "form_key": str(uuid.uuid4())}
    propose = reverse("consent-propose", kwargs={"procedure_id": world.house.procedure().pk})
    hold = {"reason": "pressure", "note": "x", "form_key": str(uuid.uuid4())}
    report = {"explanation": "x", "patient_agreed": "no"}
    return {
        "plan": Filled(
            "midwife",
            reverse("procedure-new", kwargs=of_patient),
            plan,
            ("body_site",),
            {**codes, "form_key": KEYS},
        ),
        "propose": Filled(
            "midwife", propose, proposal, (), {"language": CODES, "request_source": CODES, "form_key": KEYS}
        ),
        "talk": talk_form(world),
        "hold": Filled(
            "midwife", reverse("consent-hold", kwargs=of_consent), hold, ("note",), {"reason": CODES, "form_key": KEYS}
        ),
        "report": Filled(
            "midwife",
            reverse("consent-report-error", kwargs=of_consent),
            report,
            ("explanation",),
            {"patient_agreed": CODES},
        ),
        "certify": Filled("midwife", reverse("consent-certify", kwargs=of_consent), {}, ("typed_name",)),
        "spoken no": Filled("midwife", reverse("consent-spoken-no", kwargs=of_consent), {"words": ""}, ("words",)),
    }


def own_forms(world: World) -> dict[str, Filled]:
    of_consent = {"consent_id": world.own["consent_id"]}
    signed = {
        "shown_digest": world.consent.sheet_version.digest,
        "method": "mark",
        "witness_name": "Test Friend",
        "witness_relation": "x",
    }
    words = ("typed_name", "witness_name", "witness_relation", "strokes", "image")
    change = {"oldpassword": "x", "password1": "y", "password2": "z"}
    answer = {"was_alone": "yes", "shown_digest": signed["shown_digest"]}
    odd = {"method": CODES, "shown_digest": (*CODES, "0" * 64)}
    lift = reverse("hold-lift", kwargs={"hold_id": world.sister["hold_id"]})
    return {
        "lift": Filled("advocate", lift, {"note": "x"}, ("note",)),
        "give": Filled("patient", reverse("mine-give", kwargs=of_consent), signed, words, odd),
        "confirm": Filled(
            "patient", reverse("mine-confirm", kwargs=of_consent), answer, ("shown_digest",), {"was_alone": CODES}
        ),
        "password": Filled("receptionist", reverse("account_change_password"), change, tuple(change)),
        "sign in": Filled(
            "anonymous", reverse("sign-in"), {"login": "x", "password": "y"}, ("login", "password", "next")
        ),
        "card sign in": Filled(
            "anonymous", reverse("card-sign-in"), {"card_code": "x", "pin": "482917"}, ("card_code",), {"pin": NUMBERS}
        ),
        "language": Filled("anonymous", reverse("language"), {"language": "en"}, ("next",), {"language": CODES}),
        "large text": Filled("anonymous", reverse("large-text"), {"large": "1"}, ("next",), {"large": CODES}),
    }


def talk_form(world: World) -> Filled:
    """A talk that stands on one page, as the page offers it."""
    world.house.publish("pregnancy-test")
    consent = world.house.proposed(world.house.procedure(world.consent.patient, code="pregnancy-test"))
    path = reverse("consent-conversation", kwargs={"consent_id": consent.pk})
    page = staff(world.house.midwife.account).get(path).content.decode()
    names = [name for name in dict.fromkeys(re.findall(r'name="([a-z0-9_]+)"', page)) if name != "language"]
    answers = tuple(name for name in names if name.endswith(("_answer", "_name", "_note", "organisation", "matters")))
    pairs = tuple(name for name in names if re.fullmatch(r"(question|answer)_\d", name))
    values: dict[str, Any] = {name: "yes" for name in names if name.endswith("_understood")}
    values |= {name: "patient" for name in names if name.endswith("_by")}
    values |= {"interpreter_qualification": "professional", "person_1_role": "friend", "request_source": "patient"}
    values |= {"spoken_language": "en", "minutes_alone": "10", "form_key": str(uuid.uuid4())}
    values |= dict.fromkeys(answers, "In her own words.")
    for number in range(2, 5):
        values[f"person_{number}_role"] = "other"
    codes = ("spoken_language", "interpreter_is_companion", "person_1_role", "person_1_left", "request_source")
    others = dict.fromkeys((*codes, "capacity", "teach_back_1_understood", "teach_back_1_by"), CODES)
    return Filled("midwife", path, values, (*answers, *pairs), {**others, "minutes_alone": NUMBERS, "form_key": KEYS})


def ability_form(world: World) -> Filled:
    """An assessment in which all is said."""
    path = reverse("consent-assess-capacity", kwargs={"consent_id": world.own["consent_id"]})
    able = dict.fromkeys(("can_understand", "can_retain", "can_weigh", "can_communicate"), "yes")
    rest = {"has_impairment": "yes", "is_because_of_impairment": "", "form_key": str(uuid.uuid4())}
    words = ("support_tried", "impairment")
    codes = dict.fromkeys(("can_weigh", "has_impairment", "is_because_of_impairment"), CODES)
    return Filled("midwife", path, able | rest | dict.fromkeys(words, "x"), words, {**codes, "form_key": KEYS})


def erasure_form(world: World) -> Filled:
    """Asking for the erasure of the patient whose name and birth date are right."""
    patient = world.consent.patient
    values = {
        "name": patient.name,
        "birth_date": patient.birth_date.isoformat(),
        "basis": "law",
        "authority": "12/27",
        "form_key": str(uuid.uuid4()),
    }
    others = {"birth_date": DAYS, "basis": CODES, "form_key": KEYS}
    return Filled("administrator", reverse("erasures"), values, ("name", "authority"), others)


def all_forms(world: World) -> dict[str, Filled]:
    more = {"assess": ability_form(world), "erasure": erasure_form(world)}
    return desk_forms(world) | ward_forms(world) | own_forms(world) | more


def sender(form: Filled, world: World) -> Client:
    return browser_of(form.role, world)
