"""Is a seal right? Read by whoever is shown a file, with the roots that they trust and nothing from outside.

Asked are: one certification that allows no change, made with a certificate under a trusted root, over every byte of the
file; after it at most the stamps that keep it lasting. A file with anything added behind them is not right.
"""

import datetime
import io
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    DocumentTimestampStatus,
    EmbeddedPdfSignature,
    PdfSignatureStatus,
    SignatureCoverageLevel,
    validate_pdf_signature,
    validate_pdf_timestamp,
)
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from consent.record.signed_data import is_exact, is_plain, stamp_inside

USAGES = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})
# What a damaged file may raise while it is read: pyHanko, asn1crypto and zlib share no base for it.
DAMAGED = (
    PdfError, SignatureValidationError, ValidationError, PathError, OSError, ValueError, TypeError, LookupError,
    AttributeError, AssertionError, ArithmeticError, EOFError, RuntimeError, struct.error, zlib.error,
)  # fmt: skip
FORM = "The seal is written in another way than it was made."
SLACK = datetime.timedelta(minutes=5)  # clocks differ


@dataclass(frozen=True, slots=True, kw_only=True)
class SealReport:
    """What the seal of a file shows. `findings` is empty exactly when the seal is right."""

    findings: tuple[str, ...]
    sealed_by: str = ""
    sealed_at: datetime.datetime | None = None  # as the sealing machine said
    stamped_at: datetime.datetime | None = None  # as an authority for time stamps said
    is_lasting: bool = False  # holds what is needed to judge it when its certificate is long gone

    @property
    def is_sound(self) -> bool:
        """Whether the file is as it was when it was sealed, by a certificate under a trusted root."""
        return not self.findings


def judge_seal(pdf: bytes, *, trusted_roots: Sequence[x509.Certificate], at: datetime.datetime) -> SealReport:
    """Judge the seal of a file as of the time at which it was sealed; that its certificate expired since is no fault.

    **Takes** the roots that the reader trusts, for seals and for stamps; what time it is.
    **Gives** a report; it raises nothing, whatever the bytes are.
    """
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=True)
        seal, *stamps = list(reader.embedded_signatures)
        sealed_at = seal.self_reported_timestamp
        if sealed_at is None or sealed_at > at + SLACK:
            return SealReport(findings=("The seal does not say when it was made, or says a time that is to come.",))
        context = _contexts(reader, trusted_roots, at=sealed_at)
        status = validate_pdf_signature(
            seal, signer_validation_context=context(), ts_validation_context=context(), key_usage_settings=USAGES
        )
        later = [validate_pdf_timestamp(one, validation_context=context()) for one in stamps]
        findings = (*_seal_findings(seal, status, is_last=not later), *_stamp_findings(status, later))
        if not findings and not _are_exact(pdf, (seal, *stamps), status, later):
            findings = (FORM,)
    except DAMAGED:
        return SealReport(findings=("The file, or its seal, is damaged or missing: it cannot be read.",))
    return SealReport(
        findings=findings,
        sealed_by=str(status.signing_cert.subject.human_friendly),
        sealed_at=sealed_at,
        stamped_at=status.timestamp_validity.timestamp if status.timestamp_validity else None,
        is_lasting=bool(later),
    )


def _contexts(
    reader: PdfFileReader, roots: Sequence[x509.Certificate], *, at: datetime.datetime
) -> Callable[[], ValidationContext]:
    """Makes a fresh context for each question; the lists of revoked certificates are those in the file."""
    anchors = [asn1_x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in roots]
    try:
        kept = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return lambda: ValidationContext(trust_roots=anchors, moment=at, allow_fetching=False)
    said = {"trust_roots": anchors, "moment": at, "allow_fetching": False}
    return lambda: kept.as_validation_context(dict(said))


def _seal_findings(seal: EmbeddedPdfSignature, status: PdfSignatureStatus, *, is_last: bool) -> Iterator[str]:
    if seal.sig_object_type != "/Sig" or seal.docmdp_level is not MDPPerm.NO_CHANGES:
        yield "The file is signed, but not sealed: the seal must be the first signature and allow no change."
    if not (status.intact and status.valid):
        yield "The file is not as it was when it was sealed."
    elif not status.trusted:
        yield "The certificate of the seal is not under a trusted root, was revoked, or was not valid then."
    whole = SignatureCoverageLevel.ENTIRE_FILE if is_last else SignatureCoverageLevel.ENTIRE_REVISION
    level = status.modification_level
    is_added_to = level is None or level.value > ModificationLevel.LTA_UPDATES.value or not status.docmdp_ok
    if status.coverage is None or status.coverage < whole or is_added_to:
        yield "Something was added to the file after it was sealed."


def _stamp_findings(status: PdfSignatureStatus, later: Sequence[DocumentTimestampStatus]) -> Iterator[str]:
    inside = [] if status.timestamp_validity is None else [status.timestamp_validity]
    if not all(one.intact and one.valid and one.trusted for one in (*inside, *later)):
        yield "The stamp of the time is not right, or not by a trusted authority."
    if later and later[-1].coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        yield "Something was added to the file after it was stamped."


def _are_exact(
    pdf: bytes,
    found: Sequence[EmbeddedPdfSignature],
    status: PdfSignatureStatus,
    later: Sequence[DocumentTimestampStatus],
) -> bool:
    """Whether each signature, and the stamp inside the first, is written in the one way."""
    paths = [_path(status), *(_path(one) for one in later)]
    if not all(is_exact(pdf, one, path=path) for one, path in zip(found, paths, strict=True)):
        return False
    token = stamp_inside(found[0])
    return token is None or is_plain(token, path=_path(status.timestamp_validity))


def _path(status: SignatureStatus | None) -> list[asn1_x509.Certificate]:
    path = None if status is None else status.validation_path
    return [] if path is None else list(path.iter_certs(include_root=True))
