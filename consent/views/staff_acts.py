"""Acts of the care team on one consent. Each is one page with one form."""

import uuid

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from clinic import clock
from clinic.accounts.doors import see, staff_only
from clinic.vocabulary import Permission
from consent.actions.certify import certify_as_operator
from consent.actions.mark_in_error import mark_in_error
from consent.actions.raise_hold import raise_hold
from consent.actions.report_error import report_error
from consent.actions.supersede import supersede_consent
from consent.forms import CertifyForm, ErrorReportForm, HoldForm, SpokenNoForm, SupersedeForm
from consent.queries.offers import offer_questions
from consent.queries.pages import consent_page, error_report_of
from consent.views.offers import offer_refused
from consent.views.saying_no import say_no
from consent.views.showing import consent_for_staff, form_page, typed, who
from consent.vocabulary import SignatureMeaning, Via
from consent.wording import STATEMENTS


@staff_only(Permission.CERTIFY_AS_OPERATOR)
@require_http_methods(["GET", "POST"])
def certify(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """The operator signs, after the patient has said yes again."""
    consent = consent_for_staff(request, consent_id)
    form = CertifyForm(typed(request))

    def act() -> HttpResponse:
        certify_as_operator(consent_id=consent.pk, by=who(request), **form.cleaned_data)
        return see("consent", consent_id=consent.pk)

    context = {
        "consent": consent,
        "statement": STATEMENTS[SignatureMeaning.CERTIFIES_AS_OPERATOR],
        "page": consent_page(consent, account=who(request), at=clock.now()),
    }
    return form_page(request, "consent/certify.html", form=form, context=context, act=act)


@staff_only(Permission.RECORD_SPOKEN_NO)
@require_http_methods(["GET", "POST"])
def spoken_no(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """The patient said no, or stop. It holds from the moment this is sent."""
    consent = consent_for_staff(request, consent_id)
    form = SpokenNoForm(typed(request))

    def act() -> HttpResponse:
        say_no(
            consent_id=consent.pk,
            by=who(request),
            via=Via.SPOKEN_TO_STAFF,
            words=form.cleaned_data["words"],
        )
        reads_record = who(request).may(Permission.READ_PATIENT_RECORD)  # the advocate does not
        return see("consent", consent_id=consent.pk) if reads_record else see("holds")

    return form_page(request, "consent/spoken_no.html", form=form, context={"consent": consent}, act=act)


@staff_only(Permission.PROPOSE_CONSENT)
@require_http_methods(["GET", "POST"])
def supersede(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """Begin again with the newest sheet and the plan as it is now."""
    consent = consent_for_staff(request, consent_id)
    form = SupersedeForm(
        typed(request),
        questions=offer_questions(consent.procedure),
        initial={"language": consent.sheet_version.language},
    )

    def act() -> HttpResponse:
        answer = supersede_consent(consent_id=consent.pk, by=who(request), **form.cleaned_data)
        if answer.consent is None:
            return offer_refused(request, consent.procedure, answer.verdict)
        return see("consent", consent_id=answer.consent.pk)

    return form_page(request, "consent/supersede.html", form=form, context={"consent": consent}, act=act)


@staff_only(Permission.REPORT_ERROR)
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """The first of two people says that this record is a mistake."""
    consent = consent_for_staff(request, consent_id)
    form = ErrorReportForm(typed(request))

    def act() -> HttpResponse:
        report_error(consent_id=consent.pk, by=who(request), **form.cleaned_data)
        return see("consent", consent_id=consent.pk)

    return form_page(request, "consent/report_error.html", form=form, context={"consent": consent}, act=act)


@staff_only(Permission.REPORT_ERROR)
@require_http_methods(["GET", "POST"])
def mark(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """A second person agrees that it is a mistake."""
    consent = consent_for_staff(request, consent_id)
    form = Form(typed(request))

    def act() -> HttpResponse:
        mark_in_error(consent_id=consent.pk, by=who(request))
        return see("consent", consent_id=consent.pk)

    context = {"consent": consent, "report": error_report_of(consent.pk)}
    return form_page(request, "consent/mark_in_error.html", form=form, context=context, act=act)


@staff_only(Permission.RAISE_HOLD)
@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """Someone is worried that this decision is not free."""
    consent = consent_for_staff(request, consent_id)
    form = HoldForm(typed(request))

    def act() -> HttpResponse:
        raise_hold(consent_id=consent.pk, by=who(request), via=Via.STAFF, **form.cleaned_data)
        reads_record = who(request).may(Permission.READ_PATIENT_RECORD)  # the advocate does not
        return see("consent", consent_id=consent.pk) if reads_record else see("holds")

    return form_page(request, "consent/hold.html", form=form, context={"consent": consent}, act=act)
