"""The patient's slips: her list, one slip on the screen, as a page to print, as a file; and the desk that prints one.

No page here says what an entry is about: the pages of a yes and of a no differ in numbers only.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from clinic.access import patient_or_404
from clinic.accounts.doors import patient_only, see, staff_only
from clinic.accounts.sessions import PatientSession
from clinic.actions.log_record_view import log_record_view
from clinic.vocabulary import Permission
from consent.actions.decline_receipt import decline_receipt
from consent.actions.deliver_receipt import deliver_receipt
from consent.actions.promise_entry import promise_entry
from consent.exceptions import KeyStoreError
from consent.ledger.refusals import RefusalError
from consent.queries.receipt_files import proof_file
from consent.queries.receipts import Proof, desk_slips, own_slips, proof_of, slip_paper
from consent.record.exceptions import RecordError
from consent.record.qr import svg_of
from consent.record.slip import Slip, render_slip
from consent.views.showing import NOT_NOW, log_look, who
from consent.vocabulary import ReceiptWay, Via


@dataclass(frozen=True, slots=True)
class Shown:
    """One slip, and the proof behind it where the entry is sealed."""

    entry: Any
    slip: Slip
    proof: Proof | None

    @property
    def name(self) -> str:
        """What its files are called: nothing but a few digits of a code."""
        return f"slip-{self.slip.leaf_hash[:8]}"


def find_slip(session: PatientSession, entry_id: uuid.UUID) -> Any:
    """The patient's own entry; on the clinic's tablet only one of the procedure it was handed over for."""
    entry = own_slips(session.patient, procedure_id=session.procedure_id).filter(pk=entry_id).first()
    if entry is None:
        raise Http404
    return entry


def shown_slip(request: HttpRequest, entry: Any) -> Shown:
    """The slip of an entry: its proof; while it waits, a signed promise. Raises RefusalError, KeyStoreError."""
    proof = proof_of(entry)
    slip = slip_paper(
        entry,
        proof=proof,
        promise_note="" if proof else promise_entry(entry=entry),
        language=get_language() or "en",
        check_address=request.build_absolute_uri(reverse("log-check")),
    )
    return Shown(entry=entry, slip=slip, proof=proof)


def no_slip(request: HttpRequest, *, is_contradicted: bool) -> HttpResponse:
    """There is no slip now, and why: the keys cannot be used, the words cannot be printed, or the list is not sound."""
    return render(request, "consent/slip_not_made.html", {"is_contradicted": is_contradicted}, status=NOT_NOW)


def groups(code: str) -> list[str]:
    """A code in groups of four, to be compared aloud."""
    return [code[at : at + 4] for at in range(0, len(code), 4)]


@patient_only
@require_safe
def own(request: HttpRequest, *, session: PatientSession) -> HttpResponse:
    """All slips of the patient, newest first; on the tablet those of the one procedure."""
    slips = own_slips(session.patient, procedure_id=session.procedure_id)
    context = {"slips": slips, "zone": session.patient.site.time_zone, "is_on_tablet": session.procedure_id is not None}
    return render(request, "consent/mine_slips.html", context)


@patient_only
@require_safe
def slip(request: HttpRequest, entry_id: uuid.UUID, *, session: PatientSession) -> HttpResponse:
    """One slip. A promise turns into the proof when this page is opened again."""
    entry = find_slip(session, entry_id)
    try:
        shown = shown_slip(request, entry)
    except (RefusalError, KeyStoreError) as refusal:
        return no_slip(request, is_contradicted=isinstance(refusal, RefusalError))
    context = {
        "entry": entry,
        "slip": shown.slip,
        "leaf": groups(shown.slip.leaf_hash),
        "root": groups(shown.slip.root_hash),
        "zone": shown.slip.time_zone,
        "is_on_tablet": session.procedure_id is not None,
    }
    return render(request, "consent/mine_slip.html", context)


@patient_only
@require_safe
def code(request: HttpRequest, entry_id: uuid.UUID, *, session: PatientSession) -> HttpResponse:
    """The code of a slip as a picture."""
    try:
        shown = shown_slip(request, find_slip(session, entry_id))
    except (RefusalError, KeyStoreError) as refusal:
        raise Http404 from refusal
    return HttpResponse(svg_of(shown.slip.code), content_type="image/svg+xml")


@patient_only
@require_POST
def take(request: HttpRequest, entry_id: uuid.UUID, *, session: PatientSession) -> HttpResponse:
    """Take the slip in one of the ways there are. No files on the clinic's tablet: they would stay there."""
    entry, way = find_slip(session, entry_id), way_asked_for(request)
    if session.procedure_id is not None and way is not ReceiptWay.SCREEN:
        raise Http404
    try:
        answer = answer_to(request, way, entry)
    except (RefusalError, KeyStoreError, RecordError) as refusal:
        return no_slip(request, is_contradicted=isinstance(refusal, RefusalError))
    deliver_receipt(patient_id=session.patient.pk, entry_id=entry.pk, way=way, by=session.account, via=Via(session.via))
    return answer


def way_asked_for(request: HttpRequest) -> ReceiptWay:
    """The way a button names. Raises BadRequest for what no button of ours says."""
    try:
        return ReceiptWay(request.POST.get("way", ""))
    except ValueError as error:
        raise BadRequest("There is no such way.") from error


def answer_to(request: HttpRequest, way: ReceiptWay, entry: Any) -> HttpResponse:
    """The page, paper or file that was asked for."""
    if way is ReceiptWay.SCREEN:
        return see("mine-slip", entry_id=entry.pk)
    if way is ReceiptWay.FILE:
        return proof_download(entry, with_entry=request.POST.get("entry") == "yes")
    return paper(shown_slip(request, entry))


def paper(shown: Shown) -> HttpResponse:
    """The slip as a PDF of one small page."""
    disposition = {"Content-Disposition": f'attachment; filename="{shown.name}.pdf"'}
    return HttpResponse(render_slip(shown.slip), content_type="application/pdf", headers=disposition)


def proof_download(entry: Any, *, with_entry: bool) -> HttpResponse:
    """The whole proof as a file; there is none while the entry waits."""
    proof = proof_of(entry, is_cosigned=True)
    if proof is None:
        return see("mine-slip", entry_id=entry.pk)
    name = f"slip-{entry.leaf_hash[:8]}.tlog-proof"
    return HttpResponse(
        proof_file(proof, with_entry=with_entry),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@patient_only
@require_POST
def decline(request: HttpRequest, entry_id: uuid.UUID, *, session: PatientSession) -> HttpResponse:
    """The patient does not want this slip now; it stays where it is."""
    entry = find_slip(session, entry_id)
    decline_receipt(patient_id=session.patient.pk, entry_id=entry.pk, by=session.account, via=Via(session.via))
    return see("mine")


@staff_only(Permission.READ_PATIENT_RECORD)
@require_safe
def desk(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    """The slips of a patient who has no phone, to print for her: times and numbers, nothing else."""
    patient = patient_or_404(who(request), patient_id)
    log_look(request, patient.pk)
    context = {"patient": patient, "slips": desk_slips(patient), "zone": patient.site.time_zone}
    return render(request, "consent/slips_desk.html", context)


@staff_only(Permission.READ_PATIENT_RECORD)
@require_POST
def desk_print(request: HttpRequest, patient_id: uuid.UUID, entry_id: uuid.UUID) -> HttpResponse:
    """Print one slip for its patient, to be handed to her."""
    patient = patient_or_404(who(request), patient_id)
    entry = desk_slips(patient).filter(pk=entry_id).first()
    if entry is None:
        raise Http404
    try:
        answer = paper(shown_slip(request, entry))
    except (RefusalError, KeyStoreError, RecordError) as refusal:
        return no_slip(request, is_contradicted=isinstance(refusal, RefusalError))
    log_record_view(patient_id=patient.pk, by=who(request), page="patient-slip-print")
    deliver_receipt(patient_id=patient.pk, entry_id=entry.pk, way=ReceiptWay.PRINT, by=who(request), via=Via.STAFF)
    return answer
