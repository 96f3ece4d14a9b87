"""Builds people, plans and consents through the actions, so that no test invents an impossible state.

Everyone here is invented and obviously so.
"""

import datetime
import io
import tempfile
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from clinic import clock
from clinic.actions.book_appointment import book_appointment
from clinic.actions.issue_card import issue_card
from clinic.actions.open_account import open_account
from clinic.actions.open_site import open_site
from clinic.actions.plan_procedure import plan_procedure
from clinic.actions.register_patient import register_patient
from clinic.models import Account, Appointment, Patient, Practitioner, Procedure, ProcedureType, Site
from clinic.vocabulary import Laterality, Preset, Role, SafeContact
from consent.actions.certify import certify_as_operator
from consent.actions.confirm import confirm_consent
from consent.actions.give import give_consent
from consent.actions.inform import ConversationInput, PersonInput, TeachBackInput, record_conversation
from consent.actions.propose import propose_consent
from consent.actions.publish_sheets import publish_sheets
from consent.actions.signing import SignatureInput
from consent.catalogue import FOLDER
from consent.models import Consent
from consent.vocabulary import Capacity, PersonRole, RequestSource, SignatureMethod, Via

PASSWORD = "correct horse battery staple"
PIN = "482916"
IUD = "copper-iud-insertion"


def signature_png() -> bytes:
    """A small picture with a scribble on it."""
    picture = Image.new("RGB", (300, 100), "white")
    ImageDraw.Draw(picture).line([(10, 80), (60, 20), (110, 70), (180, 15), (290, 60)], fill="black", width=3)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def drawn() -> SignatureInput:
    """A drawn signature: strokes with timing and a picture."""
    strokes = {
        "width": 300,
        "height": 100,
        "strokes": [[{"x": 10, "y": 80, "t": 0}, {"x": 60, "y": 20, "t": 90}, {"x": 290, "y": 60, "t": 400}]],
    }
    return SignatureInput(method=SignatureMethod.DRAWN, strokes=strokes, image=signature_png())


def typed(name: str = "Test Patient One") -> SignatureInput:
    """A typed name."""
    return SignatureInput(method=SignatureMethod.TYPED, typed_name=name)


@dataclass
class House:
    """One clinic with its people and the sheets it has published."""

    preset: Preset = Preset.STRICT_DEFAULT
    time_zone: str = "Asia/Shanghai"
    sheets: tuple[str, ...] = (IUD,)
    label: str = field(default_factory=lambda: uuid.uuid4().hex[:8])

    def __post_init__(self) -> None:
        self.site: Site = open_site(name=f"Test Clinic {self.label}", time_zone=self.time_zone, preset=self.preset)
        self.administrator = self.staff(Role.ADMINISTRATOR, "Test Administrator")
        self.receptionist = self.staff(Role.RECEPTIONIST, "Test Receptionist")
        self.advocate = self.staff(Role.ADVOCATE, "Test Advocate")
        self.auditor = self.staff(Role.AUDITOR, "Test Auditor")
        self.midwife = self.practitioner("Test Midwife")
        self.colleague = self.practitioner("Test Colleague")
        self.publish(*self.sheets)
        self.next_start = clock.now() + datetime.timedelta(hours=1)

    def staff(self, role: Role, name: str) -> Account:
        return open_account(
            username=f"{role.value}-{uuid.uuid4().hex[:8]}",
            display_name=name,
            role=role,
            site_id=self.site.pk,
            password=PASSWORD,
        )

    def practitioner(self, name: str) -> Practitioner:
        account = open_account(
            username=f"practitioner-{uuid.uuid4().hex[:8]}",
            display_name=name,
            role=Role.PRACTITIONER,
            site_id=self.site.pk,
            password=PASSWORD,
            profession="midwife",
            registration="TEST-0001",
        )
        return Practitioner.objects.get(account=account)

    def publish(self, *keys: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for key in keys:
                (Path(folder) / key).symlink_to(FOLDER / key)
            publish_sheets(site_id=self.site.pk, by=self.administrator, folder=Path(folder))

    def patient(self, name: str = "Test Patient One", **changes: Any) -> Patient:
        values: dict[str, Any] = {
            "latin_name": "",
            "birth_date": datetime.date(1994, 5, 17),
            "languages": ["en"],
            "communication_needs": "",
            "safe_contact": SafeContact.NONE,
            "contact_detail": "",
            "has_looked": True,
            "form_key": uuid.uuid4(),
            "by": self.receptionist,
        }
        return register_patient(site_id=self.site.pk, name=name, **(values | changes))

    def card(self, patient: Patient) -> str:
        return issue_card(patient_id=patient.pk, pin=PIN, by=self.receptionist).code

    def appointment(self, patient: Patient, practitioner: Practitioner | None = None) -> Appointment:
        self.next_start += datetime.timedelta(minutes=30)
        return book_appointment(
            patient_id=patient.pk,
            practitioner_id=(practitioner or self.midwife).pk,
            starts_at=self.next_start.replace(second=0, microsecond=0),
            minutes=30,
            by=self.receptionist,
            form_key=uuid.uuid4(),
        )

    def procedure(self, patient: Patient | None = None, code: str = IUD, **changes: Any) -> Procedure:
        patient = patient or self.patient()
        kind = ProcedureType.objects.get(code=code)
        values: dict[str, Any] = {
            "operator_id": self.midwife.pk,
            "laterality": Laterality.LEFT if kind.needs_laterality else Laterality.NONE,
            "body_site": "upper arm" if kind.needs_laterality else "",
            "accompanies_birth": False,
        }
        return plan_procedure(
            patient_id=patient.pk,
            procedure_type_id=kind.pk,
            appointment_id=self.appointment(patient).pk,
            by=self.midwife.account,
            form_key=uuid.uuid4(),
            **(values | changes),
        )

    def proposed(self, procedure: Procedure | None = None, language: str = "en") -> Consent:
        procedure = procedure or self.procedure()
        return propose_consent(
            procedure_id=procedure.pk,
            language=language,
            request_source=RequestSource.PATIENT,
            by=self.midwife.account,
            form_key=uuid.uuid4(),
        )

    def informed(self, procedure: Procedure | None = None, language: str = "en") -> Consent:
        consent = self.proposed(procedure, language)
        record_conversation(
            consent_id=consent.pk, talk=full_talk(consent), by=self.midwife.account, form_key=uuid.uuid4()
        )
        return Consent.objects.get(pk=consent.pk)

    def given(self, procedure: Procedure | None = None, language: str = "en") -> Consent:
        consent = self.informed(procedure, language)
        return give_consent(
            consent_id=consent.pk,
            shown_digest=consent.sheet_version.digest,
            signature=drawn(),
            by=consent.patient.account,
            via=Via.CLINIC_TABLET,
        )

    def ready(self, procedure: Procedure | None = None, language: str = "en") -> Consent:
        """Given, confirmed alone today and certified: the gate opens (where no wait is asked for)."""
        consent = self.given(procedure, language)
        confirm_consent(
            consent_id=consent.pk,
            shown_digest=consent.sheet_version.digest,
            was_alone=True,
            by=consent.patient.account,
            via=Via.CLINIC_TABLET,
        )
        return certify_as_operator(
            consent_id=consent.pk, typed_name=self.midwife.account.display_name, by=self.midwife.account
        )


def full_talk(consent: Consent, **changes: Any) -> ConversationInput:
    """A talk that leaves nothing out."""
    content = consent.sheet_version.content
    values: dict[str, Any] = {
        "spoken_language": consent.sheet_version.language,
        "request_source": RequestSource.PATIENT,
        "minutes_alone": 12,
        "people": (
            PersonInput(
                role=PersonRole.RELATIVE,
                name="Test Sister",
                left_before_signing=True,
                asked_for_by_patient_alone=True,
            ),
        ),
        "alternatives": tuple(row["key"] for row in content.get("alternative", [])),
        "questions": (("Will it hurt?", "For a few minutes, like strong period pain."),),
        "teach_backs": tuple(
            TeachBackInput(key=row["key"], answer=f"In my own words: {row['key']}", is_understood=True)
            for row in content.get("teach_back", [])
        ),
        "capacity": Capacity.PRESUMED,
        "signing_states": (),
        "what_matters": "To be able to have children later.",
    }
    return ConversationInput(**(values | changes))
