"""The patient takes her records home as one archive, with her own card and onto her own device."""

from typing import Any

from allauth.core.ratelimit import consume_or_429
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic.accounts.doors import patient_only
from clinic.accounts.sessions import PatientSession
from clinic.exceptions import WrongStateError
from consent.actions.take_bundle import take_bundle
from consent.exceptions import KeyStoreError
from consent.forms.bundles import BundleForm
from consent.queries.own_bundle import BundleChoice
from consent.queries.visible import own_consents
from consent.views.showing import form_page, typed
from consent.vocabulary import BundlePart, Via

ARCHIVE_NAME = "papers.zip"


@patient_only
@require_http_methods(["GET", "HEAD", "POST"])
def download(request: HttpRequest, *, session: PatientSession) -> HttpResponse:
    """Choose what goes in, then take it. Not on the clinic's tablet: the file would stay there."""
    if session.procedure_id is not None:
        raise Http404
    refused = consume_or_429(request, action="bundle") if request.method == "POST" else None
    if refused is not None:
        return refused
    consents = own_consents(session.account).order_by("proposed_at")
    form = BundleForm(
        typed(request),
        decisions=[(str(row.pk), _record_words(row)) for row in consents],
        patient_languages=session.patient.languages,
    )

    def act() -> HttpResponse:
        return _archive(session, form.cleaned_data)

    return form_page(request, "consent/mine_download.html", form=form, context={}, act=act)


def _archive(session: PatientSession, written: dict[str, Any]) -> HttpResponse:
    choice = BundleChoice(
        consent_ids=frozenset(written["records"]),
        parts=frozenset(BundlePart(part) for part in written["parts"]),
        language=written["language"].lower(),
    )
    try:
        chunks = take_bundle(
            patient_id=session.patient.pk,
            choice=choice,
            by=session.account,
            via=Via(session.via),
            form_key=written["form_key"],
        )
    except KeyStoreError as error:
        raise WrongStateError(
            _("The archive cannot be made now, because the clinic's key cannot be used. Please tell the clinic.")
        ) from error
    return StreamingHttpResponse(  # type: ignore[return-value]  # a response all the same
        chunks,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{ARCHIVE_NAME}"'},
    )


def _record_words(consent: Any) -> str:
    name = consent.procedure.procedure_type.name_in(get_language() or "en")
    return f"{name}, {consent.proposed_at:%Y-%m-%d}"
