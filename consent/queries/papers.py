"""Answers on paper: what is on file for a consent, who has looked at it, and what may be done with it."""

import datetime
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from clinic.models import Account
from clinic.vocabulary import Permission
from consent.models import Consent, PaperForm, PaperScan, Signature
from consent.record.paper_code import PaperCode
from consent.rules.papers import CheckFacts, PaperStanding, standing_of
from consent.vocabulary import PaperAnswer, PaperFault, ScanType, Via
from consent.wording_paper import PAPER_ANSWER_WORDS, PAPER_FAULT_WORDS, PAPER_STANDING_WORDS

Words = str | Promise
ENDINGS = {ScanType.PDF: "pdf", ScanType.PNG: "png", ScanType.JPEG: "jpg", ScanType.TIFF: "tiff"}


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckOnFile:
    """What one person found who looked at a paper."""

    by: str
    at: datetime.datetime
    is_right: bool
    fault: Words  # why it is not right; empty where it is


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperOnFile:
    """One paper that came back: what it says, both its times, and what those who looked have found."""

    id: uuid.UUID
    consent_id: uuid.UUID
    answer: PaperAnswer
    answer_words: Words
    happened_at: datetime.datetime  # written on, as stated
    received_at: datetime.datetime  # entered on, by our own clock
    received_by: str
    media_type: ScanType
    pages: int
    digest: str
    code: str  # 32 hex digits
    code_was_typed: bool
    is_blank_form: bool
    checks: tuple[CheckOnFile, ...]
    standing: PaperStanding
    standing_words: Words
    has_acted: bool  # the answer on it was taken: a no when it came, a yes when somebody entered it

    @property
    def is_yes(self) -> bool:
        """Whether it waits for two people before it counts."""
        return self.answer is PaperAnswer.YES

    @property
    def can_be_entered(self) -> bool:
        """Whether the yes on it may be entered, as far as the paper goes."""
        return self.is_yes and self.standing is PaperStanding.RIGHT and not self.has_acted

    @property
    def is_late(self) -> bool:
        """Whether it was entered on a later minute than it was written."""
        return self.received_at - self.happened_at >= datetime.timedelta(minutes=1)

    @property
    def found_right_by(self) -> tuple[str, ...]:
        """The names of those who found it right."""
        return tuple(check.by for check in self.checks if check.is_right)


def papers_of(consent: Consent) -> list[PaperOnFile]:
    """Every paper that came back for a consent, the newest first."""
    return [_on_file(row) for row in _rows().filter(consent=consent).order_by("-received_at", "-pk")]


def paper_on_file(scan_id: uuid.UUID) -> PaperOnFile | None:
    """One paper; None where there is none. Who may see it is asked of its consent."""
    row = _rows().filter(pk=scan_id).first()
    return None if row is None else _on_file(row)


def scan_row(scan_id: uuid.UUID, *, consent: Consent) -> PaperScan | None:
    """The row of a paper with its bytes, as it came; None where this consent has no such paper."""
    return PaperScan.objects.filter(pk=scan_id, consent=consent).first()


def scans_brought(consent: Consent) -> Iterator[tuple[str, bytes]]:
    """Every scan of a consent as it came, the oldest first, with the ending of its name; one in memory at a time.

    Those whose pages were erased are left out.
    """
    rows = PaperScan.objects.filter(consent=consent).exclude(content=b"").order_by("received_at", "pk")
    for row in rows.only("media_type", "content").iterator(chunk_size=1):
        yield ENDINGS[ScanType(row.media_type)], bytes(row.content)


def form_for(code: PaperCode) -> PaperForm | None:
    """The printed form that a code names; None for a blank form, and for a code that is not ours."""
    if code.is_blank_form:
        return None
    return PaperForm.objects.select_related("consent").filter(pk=uuid.UUID(hex=code.form_id)).first()


def consent_behind(code: PaperCode) -> uuid.UUID | None:
    """The consent to which a paper belongs, as far as its code tells: a blank one belongs where it first came back."""
    form = form_for(code)
    if form is not None:
        return form.consent_id
    return PaperScan.objects.filter(code=code.form_id, form=None).values_list("consent_id", flat=True).first()


def standing_of_scan(scan: PaperScan) -> PaperStanding:
    """What those who looked at a paper have found so far."""
    found = [CheckFacts(by=row.checked_by_id, is_right=row.is_right) for row in scan.checks.all()]
    return standing_of(found, involved=_involved(scan.consent))


def is_erased(scan: PaperScan) -> bool:
    """Whether the pages are gone, with the patient's other personal data: nobody can look at them any more."""
    return PaperScan.objects.filter(pk=scan.pk, content=b"").exists()


def may_check(account: Account, scan: PaperScan) -> str | None:
    """Why somebody may not say what they find on a paper; None where they may."""
    if not account.may(Permission.READ_PATIENT_RECORD) or account.site_id != scan.consent.site_id:
        return _("Your role may not do this.")
    if Signature.objects.filter(paper=scan).exists():
        return _("The yes on this paper has been entered already.")
    if scan.checks.filter(checked_by=account).exists():
        return _("You have looked at this paper already. Somebody else has to look as well.")
    if standing_of_scan(scan) is PaperStanding.REJECTED:
        return _("Somebody has found that this paper is not right. It is kept, and nothing more is done with it.")
    if is_erased(scan):
        return _("The pages of this paper were erased.")
    return None


def _rows() -> QuerySet[PaperScan]:
    rows = PaperScan.objects.select_related("received_by", "consent__operator", "signature").defer("content")
    return rows.prefetch_related("checks__checked_by")


def _on_file(row: PaperScan) -> PaperOnFile:
    standing = standing_of_scan(row)
    return PaperOnFile(
        id=row.pk,
        consent_id=row.consent_id,
        answer=PaperAnswer(row.answer),
        answer_words=PAPER_ANSWER_WORDS[PaperAnswer(row.answer)],
        happened_at=row.happened_at,
        received_at=row.received_at,
        received_by=row.received_by.display_name,
        media_type=ScanType(row.media_type),
        pages=row.pages,
        digest=row.content_digest,
        code=row.code,
        code_was_typed=row.code_was_typed,
        is_blank_form=row.form_id is None,
        checks=tuple(_checks(row)),
        standing=standing,
        standing_words=PAPER_STANDING_WORDS[standing],
        has_acted=_has_acted(row),
    )


def _checks(row: PaperScan) -> Iterable[CheckOnFile]:
    for check in sorted(row.checks.all(), key=lambda one: (one.checked_at, one.pk)):
        yield CheckOnFile(
            by=check.checked_by.display_name,
            at=check.checked_at,
            is_right=check.is_right,
            fault=PAPER_FAULT_WORDS[PaperFault(check.fault)] if check.fault else "",
        )


def _has_acted(row: PaperScan) -> bool:
    """A yes has its signature; a no that ended a consent did so in the instant in which it came."""
    if row.answer == PaperAnswer.YES:
        return hasattr(row, "signature")
    return row.consent.ended_via == Via.PAPER and row.consent.ended_at == row.received_at


def _involved(consent: Consent) -> frozenset[uuid.UUID]:
    """Who proposed the procedure and who would do it."""
    return frozenset({consent.proposed_by_id, consent.operator.account_id})
