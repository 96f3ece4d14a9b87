"""Answers on paper: print a form, bring the scan back, look at its pages, enter the yes on it; and her own copy.

A file that was uploaded is read in memory and kept in the tables, never in a folder. Whoever looks at a page sees our
own drawing of it; the file itself goes to nobody but the patient.
"""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic import clock
from clinic.accounts.doors import patient_only, see, staff_only
from clinic.accounts.sessions import PatientSession
from clinic.exceptions import InvalidInputError
from clinic.vocabulary import Permission
from consent.actions.check_paper import check_paper
from consent.actions.give_on_paper import give_on_paper
from consent.actions.print_paper_form import print_paper_form
from consent.actions.receive_paper import receive_paper
from consent.exceptions import NotReadyError
from consent.forms.papers import BlankToPrintForm, EnterYesForm, FormToPrintForm, PaperBackForm, PaperCheckForm
from consent.queries.consent_policy import must_choose_copy
from consent.queries.pages import in_words
from consent.queries.paper_forms import blank_facts, facts_of_form, facts_to_try, published_sheets
from consent.queries.papers import ENDINGS, may_check, paper_on_file, papers_of, scan_row
from consent.queries.record_language import printed_language
from consent.queries.talk_pages import language_word
from consent.record.exceptions import RecordError
from consent.record.paper_form import PaperFormFacts, render_paper_form
from consent.record.scan_safety import ScanError
from consent.record.scans import page_picture
from consent.views.mine import check_own_card, find_own
from consent.views.showing import NOT_NOW, consent_for_staff, form_page, log_shown_again, typed, who
from consent.vocabulary import ENDED_STATES, ConsentState, ScanType

PAGE = "consent/paper.html"
SCAN_PAGE = "consent/paper_scan.html"


@staff_only(Permission.READ_PATIENT_RECORD)
@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """The papers of one consent: print a form, bring one back, see what came."""
    consent = consent_for_staff(request, consent_id)
    form = PaperBackForm(typed(request), request.FILES or None, now=clock.now(), time_zone=consent.site.time_zone)
    context = {**_paper_page(consent), "back_form": form}

    def act() -> HttpResponse:
        return _received(request, form, consent_id=consent.pk)

    return form_page(request, PAGE, form=form, context=context, act=act)


def _received(request: HttpRequest, form: PaperBackForm, *, consent_id: uuid.UUID | None) -> HttpResponse:
    """Take the paper, and show it. What is wrong with its time is said beside the time."""
    try:
        found = receive_paper(consent_id=consent_id, by=who(request), **form.paper())
    except InvalidInputError as refusal:
        if refusal.field == "happened_at":
            raise InvalidInputError(refusal.message, field="time") from refusal
        raise
    return see("consent-paper-scan", consent_id=found.consent_id, scan_id=found.pk)


def _paper_page(consent: Any) -> dict[str, Any]:
    initial = {"language": printed_language(consent.sheet_version.language)}
    return {
        "consent": consent,
        "zone": consent.site.time_zone,
        "papers": papers_of(consent),
        "print_form": FormToPrintForm(initial=initial, prefix="print"),
        "can_print": consent.state != ConsentState.DRAFT and consent.state not in ENDED_STATES,
    }


@staff_only(Permission.READ_PATIENT_RECORD)
@require_POST
def print_form(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """A form made out for this consent, to print."""
    consent = consent_for_staff(request, consent_id)
    form = FormToPrintForm(request.POST, prefix="print")
    back_form = PaperBackForm(now=clock.now(), time_zone=consent.site.time_zone)
    context = {**_paper_page(consent), "print_form": form, "back_form": back_form}

    def act() -> HttpResponse:
        language = form.cleaned_data["language"]
        try:
            render_paper_form(facts_to_try(consent, language=language, at=clock.now()))
        except RecordError:
            log_shown_again(request, context)
            return render(request, PAGE, {**context, "is_not_printable": True}, status=NOT_NOW)
        # One page can ask for the form in several languages; each is an act of its own, and each counts once.
        key = uuid.uuid5(form.cleaned_data["form_key"], language)
        printed = print_paper_form(consent_id=consent.pk, language=language, by=who(request), form_key=key)
        return _as_pdf(facts_of_form(printed))

    return form_page(request, PAGE, form=form, context=context, act=act)


def _as_pdf(facts: PaperFormFacts) -> HttpResponse:
    """The form as a file with a name that says nothing."""
    return _as_file(render_paper_form(facts), ScanType.PDF, name="form")


def _as_file(content: bytes, media_type: ScanType, *, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}.{ENDINGS[media_type]}"'
    return HttpResponse(content, content_type=media_type.value, headers={"Content-Disposition": disposition})


@staff_only(Permission.READ_PATIENT_RECORD)
@require_http_methods(["GET", "POST"])
def scan(request: HttpRequest, consent_id: uuid.UUID, scan_id: uuid.UUID) -> HttpResponse:
    """One paper that came back, every page of it; say whether it is right."""
    context = _scan_page(request, consent_id, scan_id)
    form = PaperCheckForm(typed(request), is_yes=context["paper"].is_yes)

    def act() -> HttpResponse:
        check_paper(scan_id=scan_id, by=who(request), **form.check_made())
        return see("consent-paper-scan", consent_id=consent_id, scan_id=scan_id)

    return form_page(request, SCAN_PAGE, form=form, context=context, act=act)


@staff_only(Permission.RECORD_CONVERSATION)
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, consent_id: uuid.UUID, scan_id: uuid.UUID) -> HttpResponse:
    """The yes of a paper that two people found right is entered; what is missing is said, and the paper waits."""
    context = _scan_page(request, consent_id, scan_id)
    consent = context["consent"]
    if request.method == "GET" and not context["paper"].can_be_entered:
        return see("consent-paper-scan", consent_id=consent_id, scan_id=scan_id)
    form = EnterYesForm(typed(request), must_choose_copy=must_choose_copy(consent))

    def act() -> HttpResponse:
        try:
            give_on_paper(scan_id=scan_id, by=who(request), **form.cleaned_data)
        except NotReadyError as refusal:
            context["missing"] = in_words(refusal.verdict.unmet)
            raise
        return see("consent", consent_id=consent_id)

    return form_page(request, "consent/paper_enter.html", form=form, context=context, act=act)


def _scan_page(request: HttpRequest, consent_id: uuid.UUID, scan_id: uuid.UUID) -> dict[str, Any]:
    consent = consent_for_staff(request, consent_id)
    row = scan_row(scan_id, consent=consent)
    found = paper_on_file(scan_id) if row is not None else None
    if row is None or found is None:
        raise Http404
    return {
        "consent": consent,
        "zone": consent.site.time_zone,
        "paper": found,
        "page_numbers": range(1, found.pages + 1),
        "is_kept": bool(row.content),
        "why_not": may_check(who(request), row),
    }


@staff_only(Permission.READ_PATIENT_RECORD)
@require_safe
def picture(request: HttpRequest, consent_id: uuid.UUID, scan_id: uuid.UUID, page: int) -> HttpResponse:
    """One page of a paper, drawn anew. That it was looked at is written down."""
    row = scan_row(scan_id, consent=consent_for_staff(request, consent_id))
    if row is None:
        raise Http404
    try:
        drawn = page_picture(bytes(row.content), page=page)
    except (ScanError, LookupError) as cause:  # erased since, or no such page
        raise Http404 from cause
    return HttpResponse(drawn, content_type="image/png")


@staff_only(Permission.READ_PATIENT_RECORD)
@require_http_methods(["GET", "POST"])
def papers(request: HttpRequest) -> HttpResponse:
    """A paper came back and nobody knows whose: the square on it knows."""
    zone = who(request).site.time_zone
    form = PaperBackForm(typed(request), request.FILES or None, now=clock.now(), time_zone=zone)

    def act() -> HttpResponse:
        return _received(request, form, consent_id=None)

    return form_page(request, "consent/papers.html", form=form, context={}, act=act)


@staff_only(Permission.READ_PATIENT_RECORD)
@require_http_methods(["GET", "POST"])
def blank(request: HttpRequest) -> HttpResponse:
    """Blank forms for the day without power: one for every sheet of this clinic. Printing one leaves no trace."""
    versions = {str(version.pk): version for version in published_sheets(who(request))}
    words = [(key, f"{one.title} ({language_word(one.language)}, {one.version})") for key, one in versions.items()]
    form = BlankToPrintForm(typed(request), sheets=words)

    def act() -> HttpResponse:
        version, language = versions[form.cleaned_data["sheet"]], form.cleaned_data["language"]
        try:
            return _as_pdf(blank_facts(version, language=language, at=clock.now()))
        except RecordError:
            form.add_error("sheet", _("This sheet holds a sign that no paper can show. Ask whoever published it."))
            return render(request, "consent/papers_blank.html", {"form": form}, status=NOT_NOW)

    return form_page(request, "consent/papers_blank.html", form=form, context={}, act=act)


@patient_only
@require_safe
def own(request: HttpRequest, consent_id: uuid.UUID, scan_id: uuid.UUID, *, session: PatientSession) -> HttpResponse:
    """The scan of her own paper, as it came. Not on the clinic's tablet: the file would stay there."""
    check_own_card(session)
    row = scan_row(scan_id, consent=find_own(session, consent_id))
    if row is None or not row.content:
        raise Http404
    return _as_file(bytes(row.content), ScanType(row.media_type), name="paper")
