"""The plain pages of a bundle beside her records: who looked, what she complained of, appointments, the read-me.

Made in one language, by whoever asks within `translation.override`. No number here counts what was left out.
"""

import datetime
import uuid
import zoneinfo
from collections.abc import Sequence

from django.utils.translation import gettext as _

from clinic.models import Appointment, Patient
from clinic.vocabulary import AppointmentStatus
from clinic.wording import APPOINTMENT_WORDS
from consent.queries.complaints import ComplaintLine, own_complaints
from consent.queries.corrections import CorrectionLine, corrections_visible_to, own_corrections
from consent.queries.patient_pages import looks_at
from consent.record.html_parts import facts, heading, listed, page, paragraph, table, text

SHOWN_TIME = "%Y-%m-%d %H:%M"


def time_words(at: datetime.datetime, zone: str) -> str:
    """A time of the clinic in digits, which mean the same in every language."""
    return f"{at.astimezone(zoneinfo.ZoneInfo(zone)):{SHOWN_TIME}}"


def under_each_other(*parts: object) -> str:
    """Those that say something, a line for each: no comma is right in every writing, nor between two directions."""
    return "\n".join(str(part) for part in parts if str(part))


def looks_html(patient: Patient, *, language: str) -> bytes:
    """Who of the staff saw anything about her, when, with role and place."""
    zone = patient.site.time_zone
    rows = [
        (time_words(look.at, zone), under_each_other(look.name, look.role, look.place), look.page)
        for look in looks_at(patient.pk)
    ]
    title = _("Who looked at my record")
    body = heading(title, level=1) + table(title, (_("When"), _("Who"), _("What")), rows) + _zone_line(zone)
    return page(title=title, language=language, body=body)


def voice_html(patient: Patient, *, chosen: frozenset[uuid.UUID], language: str) -> bytes:
    """What she complained of and asked to be corrected, with the answers; nothing about a decision left out."""
    zone = patient.site.time_zone
    complaints = [one for one in own_complaints(patient) if one.consent_id is None or one.consent_id in chosen]
    rows = corrections_visible_to(patient.account).values_list("pk", "consent_id")
    kept = {key for key, consent_id in rows if consent_id is None or consent_id in chosen}
    corrections = [one for one in own_corrections(patient) if one.id in kept]
    title = _("My complaints and corrections")
    body = [heading(title, level=1), *(_complaint(one, zone) for one in complaints)]
    body += [_correction(one, zone) for one in corrections]
    if len(body) == 1:
        body.append(paragraph(text(_("Nothing was recorded here."))))
    return page(title=title, language=language, body="".join([*body, _zone_line(zone)]))


def _complaint(line: ComplaintLine, zone: str) -> str:
    answer = line.answer
    return heading(line.category) + facts(
        (
            (_("When"), time_words(line.made_at, zone)),
            (_("About"), line.about),
            (_("My words"), line.words),
            (_("To be answered by"), line.due_on.isoformat()),
            (_("How it stands"), line.state_words),
            (_("Answer"), answer.words if answer else ""),
            (_("What was done"), answer.done if answer else ""),
            (_("Answered by"), under_each_other(answer.by, time_words(answer.at, zone)) if answer else ""),
        )
    )


def _correction(line: CorrectionLine, zone: str) -> str:
    answered_at = line.answered_at
    return heading(line.about) + facts(
        (
            (_("When"), time_words(line.asked_at, zone)),
            (_("What is wrong"), line.wrong),
            (_("What it should say"), line.should_say),
            (_("How it stands"), line.outcome or _("Waiting for an answer")),
            (_("Answer"), line.answer),
            (
                _("Answered by"),
                under_each_other(line.answered_by, time_words(answered_at, zone)) if answered_at else "",
            ),
        )
    )


def appointments_html(patient: Patient, *, language: str) -> bytes:
    """Her appointments: when, with whom, at which clinic, and what became of them. Never what for."""
    zone = patient.site.time_zone
    rows = Appointment.objects.select_related("practitioner__account", "site").filter(patient=patient)
    lines = [
        (
            time_words(row.starts_at, row.site.time_zone),
            row.practitioner.account.display_name,
            row.site.name,
            APPOINTMENT_WORDS[AppointmentStatus(row.status)],
        )
        for row in rows.order_by("starts_at", "pk")
    ]
    title = _("My appointments")
    heads = (_("When"), _("With whom"), _("Clinic"), _("How it stands"))
    body = heading(title, level=1) + table(title, heads, lines) + _zone_line(zone)
    return page(title=title, language=language, body=body)


def read_me_html(*, language: str, names: Sequence[str], unprinted: Sequence[str], unproven: Sequence[str]) -> bytes:
    """What the archive is, how it is read and checked, and what could not be put into it.

    **Takes** the members that stand before it; the folders whose paper could not be printed, and those whose proof is
    not there yet.
    """
    title = _("My records: read me first")
    body = [
        heading(title, level=1),
        paragraph(text(_("This archive is yours. Nobody at the clinic is told what you chose to put into it."))),
        paragraph(text(_("It is not locked: whoever has it can read it. Keep it where only you can reach it."))),
        heading(_("How to read it")),
        paragraph(
            text(
                _(
                    "In each folder that begins with “record”: record.pdf is the paper, record.html the same words as "
                    "a plain page, record.json the record itself, as a computer reads it."
                )
            )
        ),
        *_how_to_check(),
        *_missing(_("These could not be printed as a paper. Everything else about them is there:"), unprinted),
        *_missing(_("The proof of these was not ready yet. Take the archive again later:"), unproven),
        heading(_("What is in it")),
        listed(text(name) for name in names),
    ]
    return page(title=title, language=language, body="".join(body))


def _how_to_check() -> list[str]:
    return [
        heading(_("How to check it without the clinic")),
        paragraph(
            text(
                _(
                    "Give the whole archive to someone you trust. With the program freely_given_verify.py they can "
                    "check that nothing in it was changed, without the clinic and without a network. They should take "
                    "the program and the file “policy” from somebody else than you got this from."
                )
            )
        ),
        paragraph('<code dir="ltr">python3 -I freely_given_verify.py bundle papers.zip --policy policy</code>'),
        paragraph(
            text(
                _(
                    "Without that program: open freely_given_verify.html in a browser, choose the file “policy” and "
                    "the archive, and press Check."
                )
            )
        ),
    ]


def _missing(sentence: str, folders: Sequence[str]) -> list[str]:
    return [paragraph(text(sentence)), listed(text(one) for one in folders)] if folders else []


def _zone_line(zone: str) -> str:
    return facts(((_("Time zone of all times"), zone),))
