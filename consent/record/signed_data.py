"""The one part of a sealed file that no digest covers: the container of the signature itself (CMS, RFC 5652).

Most of it proves itself. What does not (names of algorithms, copies of certificates, who is said to have signed) may be
written in one way only, so that nobody can change a byte of the file without being noticed.
"""

import re
from collections.abc import Iterable

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from pyhanko.sign.validation import EmbeddedPdfSignature

GAP = re.compile(rb"<[0-9A-F]+>")
NO_PARAMETERS = (b"", b"\x05\x00")  # left out, or NULL (RFC 5754, 2)
VERSIONS = {"data": "v1", "tst_info": "v3"}


def is_exact(pdf: bytes, signature: EmbeddedPdfSignature, *, path: Iterable[asn1_x509.Certificate]) -> bool:
    """Whether the place of a signature holds the signature, written in the one way, and nothing else.

    **Takes** the certificates with which the signature was judged.
    """
    start, length, end, _rest = (int(number) for number in signature.byte_range)
    if start or GAP.fullmatch(pdf[length:end]) is None:
        return False
    content = bytes.fromhex(pdf[length + 1 : end - 1].decode("ascii"))
    return not content[_der_length(content) :].strip(b"\0") and is_plain(signature.signed_data, path)


def stamp_inside(signature: EmbeddedPdfSignature) -> cms.SignedData | None:
    """The stamp of the time that stands inside a signature. **Raises** ValueError when something else does."""
    beside = signature.signer_info["unsigned_attrs"]
    if not beside:
        return None
    (one,) = beside
    if one["type"].native != "signature_time_stamp_token" or len(one["values"]) != 1:
        raise ValueError("There is more beside the signature than one stamp.")
    return one["values"][0]["content"]


def is_plain(data: cms.SignedData, path: Iterable[asn1_x509.Certificate]) -> bool:
    """Whether the parts of a container that prove nothing say only what the parts that do say already."""
    judged = {one.dump() for one in path}
    (signer,) = data["signer_infos"]
    digests = [*data["digest_algorithms"], signer["digest_algorithm"]]
    named = signer["sid"].chosen
    leaf = next(one for one in data["certificates"] if one.chosen.serial_number == named["serial_number"].native).chosen
    return (
        data["version"].native == VERSIONS.get(data["encap_content_info"]["content_type"].native)
        and signer["version"].native == "v1"
        and len(digests) == 2
        and len({one["algorithm"].native for one in digests}) == 1
        and all(one["parameters"].dump() in NO_PARAMETERS for one in digests)
        and named["issuer"].dump() == leaf.issuer.dump()
        and {one.chosen.dump() for one in data["certificates"]} <= judged
        and not data["crls"]
    )


def _der_length(content: bytes) -> int:
    """How many bytes the first value of a DER text takes, its own heading included (X.690, 8.1.3)."""
    short = content[1]
    if short < 0x80:
        return 2 + short
    return 2 + (short - 0x80) + int.from_bytes(content[2 : 2 + short - 0x80])
