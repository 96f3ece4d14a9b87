"""Time stamps (RFC 3161): an authority signs that it was shown a checkpoint at a time. It never sees what is in it.

What is stamped is the SHA-256 of the checkpoint's three lines. The authority's own certificate is pinned: one by any
other, however well it is signed, is refused.

>>> request = stamp_request("freely-given/0a\\n0\\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\\n")
>>> request.data[:1], request.nonce > 0
(b'0', True)
"""

import datetime
from dataclasses import dataclass

import rfc3161_client
from cryptography import x509

from consent.ledger.refusals import StampError

# What reading a damaged certificate inside an answer may raise; they share no base of their own.
_NO_CERTIFICATE = (x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Authority:
    """A stamp authority: its own certificate, and those above it up to the root."""

    certificate: x509.Certificate
    above: tuple[x509.Certificate, ...]

    @property
    def name(self) -> str:
        """What it calls itself."""
        return self.certificate.subject.rfc4514_string()[:LONGEST_NAME]


@dataclass(frozen=True, slots=True)
class StampRequest:
    """What is sent, and the number that must come back, so that no old answer can be passed off as a new one."""

    data: bytes
    nonce: int


def read_authority(pem: bytes) -> Authority:
    """The authority of a file: first its own certificate, then those above it, the root last.

    **Raises** StampError.
    """
    try:
        own, *above = x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise StampError("The certificates of the stamp authority cannot be read; they are kept as PEM.") from error
    return Authority(own, tuple(above))


def stamp_request(text: str) -> StampRequest:
    """A request to stamp the text of a checkpoint."""
    builder = rfc3161_client.TimestampRequestBuilder().data(text.encode())
    request = builder.hash_algorithm(rfc3161_client.HashAlgorithm.SHA256).build()
    if request.nonce is None:
        raise StampError("The request has no number that could come back.")
    return StampRequest(request.as_bytes(), request.nonce)


def check_stamp(answer: bytes, *, text: str, authority: Authority, nonce: int | None = None) -> datetime.datetime:
    """When the authority was shown this checkpoint.

    **Takes** the authority's whole answer; the number of the request when it is the answer to one just sent.
    **Raises** StampError.
    """
    try:
        stamp = rfc3161_client.decode_timestamp_response(answer)
        verifier = rfc3161_client.VerifierBuilder(
            tsa_certificate=authority.certificate,
            intermediates=list(authority.above[:-1]),
            roots=[authority.above[-1] if authority.above else authority.certificate],
            nonce=nonce,
        ).build()
        verifier.verify_message(stamp, text.encode())
        return stamp.tst_info.gen_time.astimezone(datetime.UTC)
    except rfc3161_client.VerificationError as error:
        raise StampError(f"The time stamp is not right: {error}.") from error
    except (ValueError, TypeError, *_NO_CERTIFICATE) as error:
        raise StampError("The time stamp cannot be read.") from error
