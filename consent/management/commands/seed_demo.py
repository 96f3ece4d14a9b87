"""Fill a demonstration clinic, through the actions only, and print who can sign in.

Running it again on the same day adds nothing; on another day everybody gets a fresh plan for that day.
"""

import datetime
import os
import secrets
import uuid
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clinic import clock
from clinic.actions.book_appointment import book_appointment
from clinic.actions.issue_card import issue_card
from clinic.actions.open_account import open_account
from clinic.actions.open_site import open_site
from clinic.actions.plan_procedure import plan_procedure
from clinic.actions.register_patient import register_patient
from clinic.actions.set_password import set_password
from clinic.exceptions import TimeTakenError
from clinic.models import Account, Appointment, Patient, Practitioner, Procedure, ProcedureType, Site
from clinic.vocabulary import Laterality, Preset, ProcedureCategory, Role, SafeContact
from consent.actions.give import give_consent
from consent.actions.inform import AlternativeInput, ConversationInput, TeachBackInput, record_conversation
from consent.actions.propose import propose_consent
from consent.actions.publish_sheets import publish_sheets
from consent.actions.refuse import refuse_consent
from consent.actions.signing import SignatureInput
from consent.demonstration import DEMO_SITE, PATIENTS, DemoPatient
from consent.keys.site_seals import keep_site_seal
from consent.keys.subject_keys import make_store
from consent.models import Consent
from consent.queries.offers import consents_in_matter, newest_no
from consent.queries.seals import usable_seal
from consent.record.certificates import demonstration_files
from consent.vocabulary import Capacity, ConsentState, CopyChoice, Referral, RequestSource, SignatureMethod, Via

STAFF = (
    ("demo-admin", "Demo Administrator", Role.ADMINISTRATOR),
    ("demo-midwife", "Demo Midwife", Role.PRACTITIONER),
    ("demo-doctor", "Demo Doctor", Role.PRACTITIONER),
    ("demo-reception", "Demo Reception", Role.RECEPTIONIST),
    ("demo-advocate", "Demo Advocate", Role.ADVOCATE),
    ("demo-auditor", "Demo Auditor", Role.AUDITOR),
)
NAMES = uuid.UUID("3f0c7a52-6a0e-4b53-9d43-0f5a1a6c2d10")  # form keys of the demonstration are derived from this


def key(*words: str) -> uuid.UUID:
    """The same words give the same form key, so that a second run finds what the first one made."""
    return uuid.uuid5(NAMES, "/".join(words))


class Command(BaseCommand):
    help = "Fills a demonstration clinic with invented people. Only in the demonstration profile."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PROFILE == "production":
            raise CommandError("This is a production profile; invented people do not belong in it.")
        make_store()
        site = Site.objects.filter(name=DEMO_SITE).first() or open_site(
            name=DEMO_SITE, time_zone="Asia/Shanghai", preset=Preset.STRICT_DEFAULT
        )
        if usable_seal(site.pk) is None:
            keep_site_seal(site.pk, demonstration_files(site.name, at=clock.now()))
        passwords = {username: self._staff(site, username, name, role) for username, name, role in STAFF}
        admin = Account.objects.get(username="demo-admin")
        publish_sheets(site_id=site.pk, by=admin)
        cards = [self._patient(site, person, place) for place, person in enumerate(PATIENTS)]
        self._print(passwords, cards)

    def _staff(self, site: Site, username: str, name: str, role: Role) -> str:
        password = secrets.token_urlsafe(12)
        account = Account.objects.filter(username=username).first()
        if account is None:
            open_account(
                username=username,
                display_name=name,
                role=role,
                site_id=site.pk,
                password=password,
                profession=name.removeprefix("Demo ").lower() if role == Role.PRACTITIONER else "",
                trained_for=tuple(ProcedureCategory),
            )
        else:
            set_password(account_id=account.pk, password=password)
        return password

    def _patient(self, site: Site, person: DemoPatient, place: int) -> tuple[str, str, str]:
        reception = Account.objects.get(username="demo-reception")
        form_key = key("patient", person.name)
        patient = Patient.objects.filter(form_key=form_key).first()
        if patient is None:
            patient = register_patient(
                site_id=site.pk,
                name=person.name,
                latin_name=person.latin_name,
                birth_date=datetime.date.fromisoformat(person.born),
                languages=[person.language],
                communication_needs="",
                access_needs=(),
                safe_contact=SafeContact.NONE,
                contact_detail="",
                has_looked=True,
                by=reception,
                form_key=form_key,
            )
        day = clock.local_date(clock.now(), time_zone=site.time_zone).isoformat()
        if not Procedure.objects.filter(form_key=key("procedure", person.name, day)).exists():
            self._plan(patient, person, place, day)
        pin = f"{secrets.randbelow(1_000_000):06d}"
        card = issue_card(patient_id=patient.pk, pin=pin, by=reception)
        return person.name, card.code, pin

    def _plan(self, patient: Patient, person: DemoPatient, place: int, day: str) -> None:
        midwife = Practitioner.objects.get(account__username="demo-midwife")
        appointment = self._book(patient, midwife, place, key("appointment", person.name, day))
        kind = ProcedureType.objects.get(code=person.procedure)
        procedure = plan_procedure(
            patient_id=patient.pk,
            procedure_type_id=kind.pk,
            operator_id=midwife.pk,
            appointment_id=appointment.pk,
            laterality=Laterality.LEFT if kind.needs_laterality else Laterality.NONE,
            body_site="",
            accompanies_birth=False,
            by=midwife.account,
            form_key=key("procedure", person.name, day),
        )
        said_no = newest_no(consents_in_matter(procedure)) is not None  # on another day: she is left in peace
        if person.state is not None and not said_no:
            self._bring_to(procedure, person, midwife, day)

    def _book(self, patient: Patient, midwife: Practitioner, place: int, form_key: uuid.UUID) -> Appointment:
        """The first half hour from now on that the visitors of the demonstration have left free."""
        start = clock.now().replace(second=0, microsecond=0)
        for half_hour in range(place + 1, 100):
            try:
                return book_appointment(
                    patient_id=patient.pk,
                    practitioner_id=midwife.pk,
                    starts_at=start + datetime.timedelta(minutes=30 * half_hour),
                    minutes=30,
                    by=Account.objects.get(username="demo-reception"),
                    form_key=form_key,
                )
            except TimeTakenError:
                continue
        raise CommandError("The demonstration's midwife is booked for two days; delete var/demo to begin afresh.")

    def _bring_to(self, procedure: Procedure, person: DemoPatient, midwife: Practitioner, day: str) -> None:
        offered = propose_consent(
            procedure_id=procedure.pk,
            language=person.language,
            request_source=RequestSource.PATIENT,
            excluded_as=(),
            by=midwife.account,
            form_key=key("consent", person.name, day),
        )
        consent = offered.consent
        if consent is None:
            raise CommandError(f"Not offered to {person.name}: {[one.requirement_id for one in offered.verdict.unmet]}")
        if person.state == ConsentState.DRAFT:
            return
        record_conversation(
            consent_id=consent.pk,
            talk=self._talk(consent, person.language),
            by=midwife.account,
            form_key=key("talk", person.name, day),
        )
        patient = procedure.patient
        if person.state == ConsentState.REFUSED:
            refuse_consent(consent_id=consent.pk, by=patient.account, via=Via.CLINIC_TABLET)
        if person.state == ConsentState.GIVEN:
            give_consent(
                consent_id=consent.pk,
                shown_digest=consent.sheet_version.digest,
                signature=SignatureInput(method=SignatureMethod.TYPED, typed_name=person.name),
                copy_choice=CopyChoice.OWN_DEVICE,
                by=patient.account,
                via=Via.CLINIC_TABLET,
            )

    def _talk(self, consent: Consent, language: str) -> ConversationInput:
        content = consent.sheet_version.content
        answer = "（示例）用自己的话说一遍。" if language == "zh-Hans" else "(example) said back in my own words."
        return ConversationInput(
            spoken_language=language,
            request_source=RequestSource.PATIENT,
            sheet_opened_at=clock.now() - datetime.timedelta(minutes=40),
            was_live=True,
            no_loss_spoken=True,
            anaesthetic_told=True,
            health_questions_asked=True,
            witness_offered=True,
            companion_would_not_leave=False,
            referral=Referral.NOBODY,
            request_repeated_alone=True,
            minutes_alone=12,
            alternatives=tuple(
                AlternativeInput(key=row["key"], seconds_open=40) for row in content.get("alternative", [])
            ),
            teach_backs=tuple(
                TeachBackInput(key=row["key"], answer=answer, is_understood=True)
                for row in content.get("teach_back", [])
            ),
            capacity=Capacity.PRESUMED,
            signing_states=(),
        )

    def _print(self, passwords: dict[str, str], cards: list[tuple[str, str, str]]) -> None:
        self.stdout.write("\nWho can sign in (made just now; shown only here):\n\n  Staff: user name, password\n")
        for username, password in passwords.items():
            self.stdout.write(f"    {username:<16} {password}\n")
        self.stdout.write("\n  Patients: name, card code, PIN\n")
        for name, code, pin in cards:
            self.stdout.write(f"    {code}  {pin}  {name}\n")
        address = f"http://127.0.0.1:{os.environ.get('DEMO_PORT', '8000')}/"
        self.stdout.write(f"\n  Open {address}  (stop with Ctrl+C)\n\n")
