"""The seal on the finished file: it shows that the clinic issued this file and that nothing changed since.

A seal is not a signature: nobody's will is in it. It is a certification signature that allows no change (PAdES, ETSI EN
319 142-1): B alone; T with a stamp of the time by an outside authority; LTA with what is needed to judge it in ten
years. When the authority cannot be used the file is sealed all the same, and the result says why it is not stamped.
"""

import datetime
import io
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from asn1crypto import cms, crl, keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.extensions import DeveloperExtension
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner, fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, PdfSigningSession, SigDSSPlacementPreference
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import extract_ts_certs
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from consent.record.certificates import SealError, SiteSeal, check_time
from consent.record.judging import judge_seal

FIELD, STAMP_FIELD = "Seal", "Stamp"
REASON = "Issued by the clinic. A seal, not a signature."
USAGES = {"digital_signature", "non_repudiation"}
DIGEST = "sha256"
NEWEST = (1, 7)
ROOM_BESIDE = 768  # bytes; what every seal says takes about half of it
# All that is needed later to judge the seal goes in before the last stamp, so that the stamp covers it as well.
BEFORE_THE_STAMP = DSSContentSettings(include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE)
# When the authority cannot be had, or is not the pinned one, the cause has a sentence of its own.
_REFUSED = (OSError, SigningError, ValidationError, PathError, SealError)
# What pyHanko and asn1crypto raise over an answer that is none; an old one ends in an AttributeError.
_NO_ANSWER = (PdfError, ValueError, TypeError, LookupError, AttributeError, AssertionError)


class Level(StrEnum):
    """How much of the proof of time is in the file."""

    B = "B"
    T = "T"
    LTA = "LTA"


@dataclass(frozen=True, slots=True, kw_only=True)
class StampService:
    """How an authority for time stamps is asked, and which certificate its answers must be signed with.

    `ask` takes the bytes of a query (RFC 3161), gives those of the reply, and raises OSError when nobody answers.
    """

    ask: Callable[[bytes], bytes]
    certificate: x509.Certificate
    above: tuple[x509.Certificate, ...] = ()

    @property
    def root(self) -> x509.Certificate:
        """The last certificate above it."""
        return self.above[-1] if self.above else self.certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """The sealed file, how far it is stamped, and if it should have been and is not, why."""

    pdf: bytes
    level: Level
    not_stamped: str = ""


def seal(pdf: bytes, *, site_seal: SiteSeal, at: datetime.datetime, stamps: StampService | None = None) -> Sealed:
    """Seal a finished file.

    **Takes** the time that stands in the seal; the authority for time stamps, where there is one.
    **Raises** SealError when the certificate is not valid at that time. A stamp that cannot be had is no error.
    """
    check_time(site_seal, at=at)
    reason = ""
    if stamps is not None:
        try:
            return _stamped(pdf, site_seal=site_seal, at=at, stamps=stamps)
        except _REFUSED as cause:
            reason = f"not stamped, because {cause}"
        except _NO_ANSWER:
            reason = "not stamped, because the authority's answer cannot be used"
    return Sealed(pdf=_written(pdf, site_seal=site_seal, at=at, stamps=None), level=Level.B, not_stamped=reason)


def _stamped(pdf: bytes, *, site_seal: SiteSeal, at: datetime.datetime, stamps: StampService) -> Sealed:
    sealed = _written(pdf, site_seal=site_seal, at=at, stamps=stamps)
    report = judge_seal(sealed, trusted_roots=(site_seal.root, stamps.root), at=at)
    if not report.is_sound:
        raise SealError(f"the stamp is not right: {' '.join(report.findings)}")
    return Sealed(pdf=sealed, level=Level.LTA if site_seal.lists else Level.T)


def _written(pdf: bytes, *, site_seal: SiteSeal, at: datetime.datetime, stamps: StampService | None) -> bytes:
    is_lasting = stamps is not None and bool(site_seal.lists)
    meta = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=DIGEST,
        reason=REASON,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        subfilter=fields.SigSeedSubFilter.PADES,
        signer_key_usage=USAGES,
        validation_context=_context(site_seal, stamps, at=at) if stamps is not None else None,
        embed_validation_info=is_lasting,
        use_pades_lta=is_lasting,
        timestamp_field_name=STAMP_FIELD,
        dss_settings=BEFORE_THE_STAMP,
    )
    signer = _Signer(
        meta,
        signer=_key_holder(site_seal),
        timestamper=_Stamps(stamps) if stamps is not None else None,
        new_field_spec=fields.SigFieldSpec(sig_field_name=FIELD, on_page=0),
    )
    signer.at = at
    out = io.BytesIO()
    room = _room(site_seal) if stamps is None else None  # what an authority answers has another length each time
    signer.sign_pdf(_Writer(io.BytesIO(pdf)), bytes_reserved=room, output=out)
    return out.getvalue()


def _room(site_seal: SiteSeal) -> int:
    """Hex digits kept free for a seal without a stamp: certificates, the issuer's name three times, a signature.

    Left to itself, pyHanko makes every seal twice to learn this.
    """
    certificates = [one.public_bytes(Encoding.DER) for one in (site_seal.certificate, *site_seal.above[:-1])]
    issuer = site_seal.certificate.issuer.public_bytes()
    return 2 * (sum(map(len, certificates)) + 3 * len(issuer) + site_seal.key.key_size // 4 + ROOM_BESIDE)


def _context(site_seal: SiteSeal, stamps: StampService, *, at: datetime.datetime) -> ValidationContext:
    others = (*site_seal.above, stamps.certificate, *stamps.above)
    return ValidationContext(
        trust_roots=[as_asn1(site_seal.root), as_asn1(stamps.root)],
        other_certs=[as_asn1(one) for one in others],
        crls=[crl.CertificateList.load(one.public_bytes(Encoding.DER)) for one in site_seal.lists],
        moment=at,
        allow_fetching=False,
    )


def as_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """The same certificate, as pyHanko knows it."""
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _key_holder(site_seal: SiteSeal) -> SimpleSigner:
    private = site_seal.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    others = SimpleCertificateStore()
    others.register_multiple([as_asn1(one) for one in site_seal.above])
    return SimpleSigner(
        signing_cert=as_asn1(site_seal.certificate),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=others,
        embed_roots=False,
    )


class _Writer(IncrementalPdfFileWriter):
    """Adds the seal behind the file and leaves it what it is: PDF 1.7, which PDF/A-3 asks for, and its own metadata.

    pyHanko would call it 2.0, because there the curves are listed by name, and itself the maker of the file.
    """

    def _update_meta(self) -> None:
        """Nothing about the document changes when it is sealed."""

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        super().ensure_output_version(min(version, NEWEST))  # type: ignore[no-untyped-call]  # pyHanko's

    def register_extension(self, ext: DeveloperExtension) -> None:
        if ext.base_version == "/1.7":
            super().register_extension(ext)


class _Signer(PdfSigner):
    """pyHanko's signer, told what time it is."""

    at: datetime.datetime

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only=existing_fields_only)
        session.system_time = self.at
        return session


class _Stamps(TimeStamper):
    """An authority that is asked through the one way out of the house; only the pinned certificate counts."""

    def __init__(self, service: StampService) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # pyHanko's
        self.service = service

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(self.service.ask(req.dump()), strict=True)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        token = await super().async_timestamp(message_digest, md_algorithm)
        pinned = as_asn1(self.service.certificate)
        if [one.sha256 for one in extract_ts_certs(token, SimpleCertificateStore())] != [pinned.sha256]:
            raise SealError("the stamp was not made by the pinned authority")
        return token
