"""The bytes of an entry whose place is not known yet: all of them but the four values that its place decides.

So a database can find the place and write the entry in one journey. `filled` gives the same bytes as `encode_entry`
does once the place is known, and refuses whatever could not stand there; a test holds the two side by side.
"""

import dataclasses
import re

from consent.ledger.canonical import LARGEST_INTEGER, EncodingError
from consent.ledger.encoding import encode_entry
from consent.ledger.entry import Entry, Seen

_DIGEST = re.compile(r"[0-9a-f]{64}")
_ORIGIN = re.compile(r"[a-z0-9][a-z0-9./-]{0,126}")


@dataclasses.dataclass(frozen=True, slots=True)
class Draft:
    """Text before the log's name, from there to the stream, and from there to the end."""

    before: str
    middle: str
    after: str

    def filled(self, *, log: str, sseq: int, sprev: str | None, seen: Seen | None) -> bytes:
        """The bytes of the entry in its place. **Raises** EncodingError naming what cannot stand there."""
        if not _ORIGIN.fullmatch(log):
            raise EncodingError("$.log", "not the name of a log")
        if (sprev is None) != (sseq == 1) or (sprev is not None and not _DIGEST.fullmatch(sprev)):
            raise EncodingError("$.sprev", "names the previous entry of the subject, so it stands from the second on")
        if not 1 <= sseq <= LARGEST_INTEGER:
            raise EncodingError("$.sseq", "counts from one")
        link = "" if sprev is None else f',"sprev":"{sprev}"'
        return f'{self.before}{log}{self.middle}{_seen(seen)}{link},"sseq":{sseq}{self.after}'.encode()


def _seen(seen: Seen | None) -> str:
    if seen is None:
        return ""
    if not _DIGEST.fullmatch(seen.root) or not 1 <= seen.size <= LARGEST_INTEGER:
        raise EncodingError("$.seen", "not the size and root of a head")
    return f',"seen":{{"root":"{seen.root}","size":{seen.size}}}'


def draft_of(entry: Entry) -> Draft:
    """An entry about a patient without its place.

    **Takes** an entry whose `log`, `sseq`, `sprev` and `seen` do not count.
    **Raises** EncodingError naming the path of whatever has no place in format v1.
    """
    if entry.subject is None:
        raise EncodingError("$.subject", "only a stream has an end to be found")
    stand_in = f"unplaced/{entry.id.hex}"
    body = encode_entry(dataclasses.replace(entry, log=stand_in, sseq=1, sprev=None, seen=None)).decode()
    # No value of an entry holds a quotation mark, and what comes after these two keys cannot look like them.
    rest, stream, tail = body.rpartition(f',"sseq":1,"subject":"{entry.subject.hex}"')
    before, _log, middle = rest.rpartition(f'"log":"{stand_in}"')
    return Draft(before=f'{before}"log":"', middle=f'"{middle}', after=stream.removeprefix(',"sseq":1') + tail)
