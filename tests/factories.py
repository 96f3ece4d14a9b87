"""Builds people, plans and consents through the actions, so that no test invents an impossible state.

Everyone here is invented and obviously so.
"""

import datetime
import io
import random
import tempfile
import uuid
from dataclasses import dataclass
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
from clinic.vocabulary import AccessNeed, Laterality, Preset, ProcedureCategory, Role, SafeContact
from consent.actions.certify import certify_as_operator
from consent.actions.confirm import confirm_consent
from consent.actions.give import give_consent
from consent.actions.inform import (
    AlternativeInput,
    ConversationInput,
    PersonInput,
    TeachBackInput,
    record_conversation,
)
from consent.actions.offering import OfferAnswer
from consent.actions.propose import propose_consent
from consent.actions.publish_sheets import publish_sheets
from consent.actions.signing import SignatureInput
from consent.actions.state_as_interpreter import state_as_interpreter
from consent.actions.state_as_obtainer import state_as_obtainer
from consent.actions.supersede import supersede_consent
from consent.catalogue import FOLDER
from consent.models import Consent
from consent.rules.languages import reads
from consent.vocabulary import (
    Capacity,
    CopyChoice,
    InterpreterQualification,
    PersonRole,
    ReadingAid,
    Referral,
    RequestSource,
    SignatureMethod,
    Via,
)
from tests.retelling import retold

PASSWORD = "correct horse battery staple"
PIN = "482916"
IUD = "copper-iud-insertion"
READING_AIDS = {
    AccessNeed.CANNOT_READ: ReadingAid.READ_ALOUD,
    AccessNeed.BLIND: ReadingAid.READ_ALOUD,
    AccessNeed.DEAF: ReadingAid.SIGN_LANGUAGE,
    AccessNeed.LEARNING_DISABILITY: ReadingAid.EASY_WORDS,
}


def scribble(who: object) -> list[tuple[int, int]]:
    """Where somebody's pen goes: always the same way for one person, another for the next."""
    hand = random.Random(str(who))  # noqa: S311  # a hand, not a secret
    return [(10 + 25 * number, hand.randint(5, 95)) for number in range(12)]


def signature_png(who: object = "") -> bytes:
    """A small picture with somebody's scribble on it."""
    picture = Image.new("RGB", (300, 100), "white")
    ImageDraw.Draw(picture).line(scribble(who), fill="black", width=3)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def drawn(who: object = "") -> SignatureInput:
    """A drawn signature: strokes with timing and a picture."""
    pen = [{"x": x, "y": y, "t": 90 * number} for number, (x, y) in enumerate(scribble(who))]
    strokes = {"width": 300, "height": 100, "strokes": [pen]}
    return SignatureInput(method=SignatureMethod.DRAWN, strokes=strokes, image=signature_png(who))


def let_pass(**delta: int) -> None:
    """Let time go by on the clock that the tests have put in the place of the real one."""
    clock._read.__self__.forward(**delta)  # type: ignore[attr-defined]


def typed(name: str = "Test Patient One") -> SignatureInput:
    """A typed name."""
    return SignatureInput(method=SignatureMethod.TYPED, typed_name=name)


@dataclass
class House:
    """One clinic with its people and the sheets it has published."""

    preset: Preset = Preset.STRICT_DEFAULT
    time_zone: str = "Asia/Shanghai"
    sheets: tuple[str, ...] = (IUD,)
    label: str = ""

    @retold
    def __post_init__(self) -> None:
        self.label = self.label or uuid.uuid4().hex[:8]
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
            trained_for=tuple(ProcedureCategory),
        )
        return Practitioner.objects.get(account=account)

    def publish(self, *keys: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for key in keys:
                (Path(folder) / key).symlink_to(FOLDER / key)
            publish_sheets(site_id=self.site.pk, by=self.administrator, folder=Path(folder))

    @retold
    def patient(self, name: str = "Test Patient One", **changes: Any) -> Patient:
        values: dict[str, Any] = {
            "latin_name": "",
            "birth_date": datetime.date(1994, 5, 17),
            "languages": ["en"],
            "communication_needs": "",
            "access_needs": (),
            "safe_contact": SafeContact.NONE,
            "contact_detail": "",
            "has_looked": True,
            "form_key": uuid.uuid4(),
            "by": self.receptionist,
        }
        return register_patient(site_id=self.site.pk, name=name, **(values | changes))

    @retold
    def card(self, patient: Patient) -> str:
        return issue_card(patient_id=patient.pk, pin=PIN, by=self.receptionist).code

    @retold
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

    @retold
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

    @retold
    def proposed(self, procedure: Procedure | None = None, language: str = "en") -> Consent:
        answer = self.offered(procedure or self.procedure(), language)
        assert answer.consent is not None, [one.requirement_id for one in answer.verdict.unmet]
        return answer.consent

    @retold
    def offered(self, procedure: Procedure, language: str = "en", **changes: Any) -> OfferAnswer:
        """An offer, and what the gate said to it."""
        values: dict[str, Any] = {
            "request_source": RequestSource.PATIENT,
            "reading_aid": None if language in procedure.patient.languages else ReadingAid.INTERPRETED_ALOUD,
            "excluded_as": (),
            "by": self.midwife.account,
            "form_key": uuid.uuid4(),
        }
        return propose_consent(procedure_id=procedure.pk, language=language, **(values | changes))

    @retold
    def superseded(self, consent: Consent, language: str = "en", **changes: Any) -> Consent:
        """A newer sheet or plan: the consent that takes the place of another."""
        values: dict[str, Any] = {
            "reading_aid": None if language in consent.patient.languages else ReadingAid.INTERPRETED_ALOUD,
            "by": self.midwife.account,
            "form_key": uuid.uuid4(),
        }
        answer = supersede_consent(consent_id=consent.pk, language=language, **(values | changes))
        assert answer.consent is not None, [one.requirement_id for one in answer.verdict.unmet]
        return answer.consent

    @retold
    def informed(self, procedure: Procedure | None = None, language: str = "en") -> Consent:
        consent = self.proposed(procedure, language)
        talk = full_talk(consent)
        record_conversation(consent_id=consent.pk, talk=talk, by=self.midwife.account, form_key=uuid.uuid4())
        if talk.interpreter_qualification:
            state_as_interpreter(
                consent_id=consent.pk,
                typed_name=talk.interpreter_name,
                language=consent.patient.languages[0],
                organisation="Test Interpreters",
                by=self.midwife.account,
            )
        return Consent.objects.get(pk=consent.pk)

    @retold
    def given(self, procedure: Procedure | None = None, language: str = "en") -> Consent:
        consent = self.informed(procedure, language)
        if is_sterilisation(consent):
            let_pass(minutes=61)
        return give_consent(
            consent_id=consent.pk,
            shown_digest=consent.sheet_version.digest,
            signature=drawn(consent.patient_id),
            copy_choice=CopyChoice.PAPER,
            by=consent.patient.account,
            via=Via.CLINIC_TABLET,
        )

    @retold
    def ready(self, procedure: Procedure | None = None, language: str = "en") -> Consent:
        """Given, confirmed alone today and certified: the gate opens (where no wait is asked for)."""
        consent = self.given(procedure, language)
        if is_sterilisation(consent):
            name = self.midwife.account.display_name
            state_as_obtainer(consent_id=consent.pk, typed_name=name, by=self.midwife.account)
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


def is_sterilisation(consent: Consent) -> bool:
    """Whether an hour passes between the talk and the signature, and the clinician signs as well."""
    return consent.procedure.procedure_type.category == ProcedureCategory.STER


def interpreted(consent: Consent) -> dict[str, Any]:
    """What a talk records beyond the rest where the patient has no language in common with the sheet."""
    if reads(consent.sheet_version.language, tuple(consent.patient.languages)):
        return {}
    return {
        "interpreter_name": "Test Interpreter",
        "interpreter_qualification": InterpreterQualification.PROFESSIONAL,
        "interpreter_is_companion": False,
        "reading_aids": (ReadingAid.INTERPRETED_ALOUD,),
    }


def full_talk(consent: Consent, **changes: Any) -> ConversationInput:
    """A talk that leaves nothing out."""
    content = consent.sheet_version.content
    values: dict[str, Any] = {
        "sheet_opened_at": clock.now() - datetime.timedelta(minutes=40),
        "reading_aids": tuple(READING_AIDS[AccessNeed(need)] for need in consent.patient.access_needs or ()),
        "was_live": True,
        "no_loss_spoken": True,
        "anaesthetic_told": True,
        "health_questions_asked": True,
        "witness_offered": True,
        "companion_would_not_leave": False,
        "referral": Referral.NOBODY,
        "request_repeated_alone": True,
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
        "alternatives": tuple(
            AlternativeInput(key=row["key"], seconds_open=40) for row in content.get("alternative", [])
        ),
        "questions": (("Will it hurt?", "For a few minutes, like strong period pain."),),
        "teach_backs": tuple(
            TeachBackInput(key=row["key"], answer=f"In my own words: {row['key']}", is_understood=True)
            for row in content.get("teach_back", [])
        ),
        "capacity": Capacity.PRESUMED,
        "signing_states": (),
        "what_matters": "To be able to have children later.",
    }
    return ConversationInput(**(values | interpreted(consent) | changes))
