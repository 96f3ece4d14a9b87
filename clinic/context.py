"""What every page knows about the house: who is here, where she or he can go, which language and size of text."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.accounts.sessions import PatientSession, patient_session
from clinic.vocabulary import Permission, Role
from clinic.wording import ROLE_WORDS

LARGE_TEXT_COOKIE = "large_text"

# Each language under its own name, so that it can be found by someone who reads no other.
LANGUAGE_NAMES = {"en": "English", "zh-hans": "简体中文"}

STAFF_PAGES: tuple[tuple[Permission, str, str | Promise], ...] = (
    (Permission.SEE_DIARY, "today", _("Today")),
    (Permission.FIND_PATIENTS, "patients", _("Patients")),
    (Permission.READ_PATIENT_RECORD, "papers", _("Answers on paper")),
    (Permission.LIFT_HOLD, "holds", _("Open concerns")),
    (Permission.REVIEW_EMERGENCY, "emergencies", _("Emergencies to look at")),
    (Permission.WATCH_REMOVALS, "removals", _("Removals owed")),
    (Permission.ANSWER_SHORTER_WAIT, "shorter-waits", _("Wishes for a shorter wait")),
    (Permission.ANSWER_COMPLAINT, "complaints", _("Complaints")),
    (Permission.ANSWER_CORRECTION, "corrections", _("Corrections asked for")),
    (Permission.ERASE_PATIENT, "erasures", _("Erasures")),
    (Permission.CHECK_LEDGER, "audit", _("What an auditor would look for")),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """Facts for the frame of a page. `kind` is staff, own-card, clinic-tablet or none."""

    kind: str
    name: str
    role: str | Promise
    site: str
    pages: tuple[tuple[str, str | Promise], ...]
    sees_procedures: bool
    issues_cards: bool
    is_large_text: bool
    languages: tuple[tuple[str, str], ...]
    next: str


def house(request: HttpRequest) -> dict[str, Any]:
    """Context processor: {"house": House}."""
    here: dict[str, Any] = {
        "is_large_text": request.COOKIES.get(LARGE_TEXT_COOKIE) == "1",
        "languages": tuple((code, LANGUAGE_NAMES[code]) for code, _name in settings.LANGUAGES),
        "next": request.get_full_path(),
    }
    session = patient_session(request)
    if session is not None:
        return {"house": _for_patient(session, here)}
    account = request.user
    if not account.is_authenticated:
        return {"house": _nobody(here)}
    return {
        "house": House(
            kind="staff",
            name=account.display_name,
            role=ROLE_WORDS[Role(account.role)],
            site=account.site.name,
            pages=tuple((name, words) for needed, name, words in STAFF_PAGES if account.may(needed)),
            sees_procedures=account.may(Permission.SEE_PROCEDURES),
            issues_cards=account.may(Permission.ISSUE_CARDS),
            **here,
        )
    }


def _for_patient(session: PatientSession, here: dict[str, Any]) -> House:
    pages = (("mine", _("My decisions")), ("mine-looked", _("Who looked at my record")))
    return House(
        kind=session.via,
        name=session.patient.name,
        role=ROLE_WORDS[Role.PATIENT],
        site=session.patient.site.name,
        pages=pages if session.procedure_id is None else (),
        sees_procedures=False,
        issues_cards=False,
        **here,
    )


def _nobody(here: dict[str, Any]) -> House:
    return House(kind="none", name="", role="", site="", pages=(), sees_procedures=False, issues_cards=False, **here)
