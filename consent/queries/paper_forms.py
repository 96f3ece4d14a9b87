"""What a form for an answer on paper says: made out for one consent, or blank for one version of a sheet."""

import datetime
import uuid
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from clinic.models import Account
from clinic.vocabulary import Laterality
from clinic.wording import LATERALITY_WORDS
from consent.models import Consent, InformationSheetVersion, PaperForm
from consent.queries.record import sheet_sections
from consent.queries.record_language import language_on_paper
from consent.queries.record_talks import spoken
from consent.record.paper_code import PaperCode, blank_code
from consent.record.paper_form import PaperFormFacts, PatientLines, SheetLines
from consent.record.paper_form_labels import PAPER_FORM_LABELS

NOWHERE = PaperCode(form_id="0" * 32)


def facts_of_form(form: PaperForm) -> PaperFormFacts:
    """What a form says that was printed for one consent. Printed again it is the same."""
    code = PaperCode(form_id=form.pk.hex)
    return _prefilled(form.consent, language=form.language, code=code, at=form.printed_at)


def facts_to_try(consent: Consent, *, language: str, at: datetime.datetime) -> PaperFormFacts:
    """What a form would say, with a code of nothing: to find out whether it can be printed before it is recorded."""
    return _prefilled(consent, language=language, code=NOWHERE, at=at)


def blank_facts(version: InformationSheetVersion, *, language: str, at: datetime.datetime) -> PaperFormFacts:
    """What a blank form says. Its code is fresh each time; nothing of it is kept."""
    with translation.override(language.lower()):
        return PaperFormFacts(
            site_name=version.site.name,
            time_zone=version.site.time_zone,
            sheet=_sheet(version),
            patient=None,
            procedure=None,
            operator=None,
            code=blank_code(fresh=uuid.uuid4().hex, sheet_digest=version.digest),
            printed_at=at,
            **_words(language, shown=version.language),
        )


def published_sheets(account: Account) -> list[InformationSheetVersion]:
    """The newest published version of every sheet of somebody's clinic in each language, by title."""
    newest: dict[tuple[uuid.UUID, str], InformationSheetVersion] = {}
    rows = InformationSheetVersion.objects.select_related("site").filter(site_id=account.site_id)
    for version in rows.order_by("major", "minor"):
        newest[version.sheet_id, version.language] = version
    return sorted(newest.values(), key=lambda version: (version.title, version.language))


def _prefilled(consent: Consent, *, language: str, code: PaperCode, at: datetime.datetime) -> PaperFormFacts:
    patient = consent.patient
    with translation.override(language.lower()):
        return PaperFormFacts(
            site_name=consent.site.name,
            time_zone=consent.site.time_zone,
            sheet=_sheet(consent.sheet_version),
            patient=PatientLines(name=patient.name, latin_name=patient.latin_name, birth_date=patient.birth_date),
            procedure=_procedure(consent, language),
            operator=consent.operator.account.display_name,
            code=code,
            printed_at=at,
            **_words(language, shown=consent.sheet_version.language),
        )


def _procedure(consent: Consent, language: str) -> str:
    side = "" if consent.laterality == Laterality.NONE else spoken(LATERALITY_WORDS, consent.laterality)
    name = consent.procedure.procedure_type.name_in(language)
    return " · ".join(filter(None, (name, side, consent.body_site)))


def _sheet(version: InformationSheetVersion) -> SheetLines:
    with translation.override(version.language.lower()):
        sections = sheet_sections(version.content)
    return SheetLines(
        title=version.title,
        version=version.version,
        language=version.language,
        digest=version.digest,
        sections=sections,
    )


def _words(language: str, *, shown: str) -> dict[str, Any]:
    is_one_language = language.casefold() == shown.casefold()
    return {
        "language": language,
        "shown_language": "" if is_one_language else language_on_paper(shown),
        "printed_language": language_on_paper(language),
        "labels": {key: _(words) for key, words in PAPER_FORM_LABELS.items()},
    }
