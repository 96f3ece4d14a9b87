"""Receive: a paper comes back as a scan. A no on it acts at once; a yes waits until two people have looked at it."""

import datetime
import uuid
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.saving import sent_before
from clinic.exceptions import InvalidInputError, NotAllowedError
from clinic.models import Account
from clinic.vocabulary import Permission
from consent.actions.ending import say_no, take_back
from consent.actions.locks import lock_consent
from consent.actions.moving import check_may, record
from consent.ledger.canonical import time_text
from consent.models import Consent, PaperForm, PaperScan
from consent.queries.papers import consent_behind, form_for
from consent.record.paper_code import BEGINS, SHEET_DIGITS, PaperCode, PaperCodeError, read_code
from consent.record.scan_safety import ScanError
from consent.record.scans import Scan, read_scan
from consent.rules.lifecycle import is_possible
from consent.vocabulary import ENDED_STATES, Act, ConsentState, EntryKind, PaperAnswer, Via
from consent.wording_paper import NO_NEEDS_NO_PAPER, SCAN_FAULT_WORDS

FILE, CODE, WHEN = "file", "typed_code", "happened_at"


@dataclass(frozen=True, slots=True)
class _Paper:
    """What came back: the file as it is, what was read of it, and what staff say about it."""

    content: bytes
    scan: Scan
    code: PaperCode
    code_was_typed: bool
    answer: PaperAnswer
    happened_at: datetime.datetime


def receive_paper(
    *,
    consent_id: uuid.UUID | None,
    content: bytes,
    typed_code: str,
    answer: PaperAnswer,
    happened_at: datetime.datetime,
    by: Account,
    form_key: uuid.UUID,
) -> PaperScan:
    """Keep the scan of a paper, and where it says no, let the no count at once.

    **Takes** the consent whose page it is; None where the square alone decides. The bytes of the file. The code as
    somebody typed it, may be empty. What the paper says, and when it was written, as stated.
    **Gives** the scan; the same one when the same file comes twice for the same consent.
    **Raises** InvalidInputError with a sentence for whoever brought it: a file that is none, a wrong square, another
    patient's paper, a time that cannot be. NotAllowedError.
    **Writes** PaperScan. A no or a taking back: Consent refused or withdrawn; its one entry consent.refused or
    consent.withdrawn. A yes, and a no after which nothing can move: entry paper.received.
    **Source** GMC 2020 (consent may be withdrawn at any time); CR-073 (a late entry says both times), CR-080, CR-083.
    """
    if not by.may(Permission.READ_PATIENT_RECORD):
        raise NotAllowedError(_("Your role may not do this."))
    try:
        scan = read_scan(content)
    except ScanError as refusal:
        raise _refused(SCAN_FAULT_WORDS[refusal.fault], field=FILE) from refusal
    code, code_was_typed = _code_of(scan, typed_code)
    paper = _Paper(content, scan, code, code_was_typed, answer, happened_at)
    return _receive(consent_id=consent_id, paper=paper, by=by, form_key=form_key)


def _refused(sentence: str | Promise, *, field: str) -> InvalidInputError:
    """A refusal of a file. It always says that the act itself needs no file."""
    return InvalidInputError(f"{sentence} {NO_NEEDS_NO_PAPER}", field=field)


def _code_of(scan: Scan, typed: str) -> tuple[PaperCode, bool]:
    """The one code of a paper, and whether it was typed. What a camera read always goes before what was typed."""
    seen, written = _seen(scan.codes), _typed(typed)
    if seen is not None:
        if written not in {None, seen}:
            raise _refused(_("The code that was typed is not the one on the paper."), field=CODE)
        return seen, False
    if written is not None:
        return written, True
    if scan.codes:
        raise _refused(_("This is another paper: its square is not that of a paper form."), field=FILE)
    raise _refused(_("No square could be read on these pages. Type the code that is printed below it."), field=CODE)


def _seen(texts: Iterable[str]) -> PaperCode | None:
    """The code that a camera read; other squares may stand on the pages as well."""
    codes = set()
    for text in texts:
        with suppress(PaperCodeError):
            codes |= {read_code(text)} if text.startswith(BEGINS) else set()
    if len(codes) > 1:
        raise _refused(_("There are pages of different papers in this file."), field=FILE)
    return codes.pop() if codes else None


def _typed(text: str) -> PaperCode | None:
    if not text.strip():
        return None
    try:
        return read_code(text)
    except PaperCodeError as refusal:
        raise _refused(_("This is not the code of a paper form. Look again below the square."), field=CODE) from refusal


@one_act
def _receive(*, consent_id: uuid.UUID | None, paper: _Paper, by: Account, form_key: uuid.UUID) -> PaperScan:
    consent = _consent_of(paper.code, consent_id, by=by)
    about = {"consent_id": consent.pk, "content_digest": paper.scan.digest}
    if earlier := sent_before(PaperScan.objects, form_key=form_key, by=by, by_field="received_by", about=about):
        return earlier
    if same := _same_paper(consent, paper):
        return same
    form = form_for(paper.code)
    at = clock.now()
    _check_written(paper.happened_at, form, at=at)
    row = PaperScan(
        consent=consent,
        form=form,
        code=paper.code.form_id,
        code_was_typed=paper.code_was_typed,
        answer=paper.answer,
        happened_at=paper.happened_at,
        received_by=by,
        received_at=at,
        media_type=paper.scan.media_type,
        content=paper.content,
        content_digest=paper.scan.digest,
        pages=paper.scan.pages,
        form_key=form_key,
    )
    row.save(force_insert=True)
    _act_on(consent, row, by=by)
    return row


def _act_on(consent: Consent, row: PaperScan, *, by: Account) -> None:
    """Let a no count at once; a yes, and a no after which nothing can move, is kept as it came."""
    at, answer = row.received_at, PaperAnswer(row.answer)
    detail = {"answer": answer.value, "written_at": time_text(row.happened_at)}
    if answer is PaperAnswer.YES or consent.state in ENDED_STATES:
        rows = [consent, row]
        record(EntryKind.PAPER_RECEIVED, consent, by=by, via=Via.PAPER, at=at, rows=rows, detail=detail)
    elif answer is PaperAnswer.NO and is_possible(ConsentState(consent.state), Act.REFUSE):
        say_no(consent, by=by, via=Via.PAPER, at=at, rows=[row], detail=detail)
    else:
        take_back(consent, by=by, via=Via.PAPER, at=at, rows=[row], detail=detail)


def _consent_of(code: PaperCode, consent_id: uuid.UUID | None, *, by: Account) -> Consent:
    """The consent to which a paper belongs, locked. Raises InvalidInputError where it is another's, or nobody's."""
    behind = consent_behind(code)
    if behind is None and not code.is_blank_form:
        raise _refused(_("No form with this code was printed here."), field=FILE)
    wanted = consent_id or behind
    if wanted is None:
        sentence = _("A blank form names nobody. Open the record to which it belongs, and bring it there.")
        raise _refused(sentence, field=FILE)
    consent = lock_consent(wanted)
    check_may(by, Permission.READ_PATIENT_RECORD, consent_site_id=consent.site_id)
    if behind not in {None, consent.pk}:
        raise _refused(_("This paper belongs to another record."), field=FILE)
    if code.is_blank_form and code.sheet != consent.sheet_version.digest[:SHEET_DIGITS]:
        raise _refused(_("The words on this form are not those of the sheet that this record is about."), field=FILE)
    return consent


def _same_paper(consent: Consent, paper: _Paper) -> PaperScan | None:
    """The scan of these very bytes that is kept already. Raises InvalidInputError where it was read otherwise then."""
    kept = PaperScan.objects.filter(content_digest=paper.scan.digest).only("pk", "consent_id", "answer").first()
    if kept is None:
        return None
    if kept.consent_id != consent.pk:
        raise _refused(_("This paper belongs to another record."), field=FILE)
    if kept.answer != paper.answer:
        raise _refused(_("This file is kept already, with another answer on it."), field=FILE)
    return PaperScan.objects.get(pk=kept.pk)


def _check_written(happened_at: datetime.datetime, form: PaperForm | None, *, at: datetime.datetime) -> None:
    """Raises InvalidInputError for a time that cannot be. People write minutes, so the minute of printing counts."""
    if happened_at.tzinfo is None:
        raise InvalidInputError(_("Say when it was written."), field=WHEN)
    if happened_at > at:
        raise InvalidInputError(_("This time has not come yet."), field=WHEN)
    if form is not None and happened_at < form.printed_at.replace(second=0, microsecond=0):
        raise InvalidInputError(_("The form had not been printed by then."), field=WHEN)
