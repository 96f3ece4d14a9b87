"""Whom a reader believes: which logs, which witnesses, and how many of them (C2SP tlog-policy).

The file is read strictly, line by line; a line that is not understood is never passed over, because it might be the
one that asked for more. It is a file of bytes: names beyond ASCII are compared as they are written.

>>> parse_policy("quorum none\\n").quorum
'none'
>>> parse_policy("quorum nobody\\n")
Traceback (most recent call last):
    ...
consent.ledger.refusals.PolicyError: Line 1: nobody is neither a witness nor a group of an earlier line.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from consent.ledger.notes import KeyKind, VerifierKey
from consent.ledger.refusals import PolicyError, RefusalError

NOBODY = "none"
LARGEST_POLICY = 1_000_000  # bytes
LOG_KINDS = frozenset({KeyKind.ED25519, KeyKind.MLDSA44_COSIGNATURE})
WITNESS_KINDS = frozenset({KeyKind.ED25519_COSIGNATURE, KeyKind.MLDSA44_COSIGNATURE})

_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_NUMBER = re.compile(r"[1-9][0-9]{0,5}")


@dataclass(frozen=True, slots=True)
class LogKey:
    """A log we believe; the name of its key is the origin of its checkpoints."""

    key: VerifierKey
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness under the name this policy gives it."""

    name: str
    key: VerifierKey
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses and groups of which at least `least` must have signed."""

    name: str
    least: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """What a policy file says; groups name only members of earlier lines."""

    logs: tuple[LogKey, ...]
    witnesses: tuple[Witness, ...]
    groups: tuple[Group, ...]
    quorum: str

    def is_met_by(self, signers: Collection[str]) -> bool:
        """Whether these witnesses, by their names in this policy, are enough; `quorum none` asks for nobody."""
        met = {witness.name for witness in self.witnesses if witness.name in signers} | {NOBODY}
        for group in self.groups:
            if sum(member in met for member in group.members) >= group.least:
                met.add(group.name)
        return self.quorum in met

    def asks_for_witnesses(self) -> bool:
        """Whether anybody outside must have signed."""
        return self.quorum != NOBODY

    def log_keys(self, origin: str) -> tuple[VerifierKey, ...]:
        """The keys of one log."""
        return tuple(log.key for log in self.logs if log.key.name == origin)

    def keys(self) -> tuple[VerifierKey, ...]:
        """Every key the policy knows."""
        return (*(log.key for log in self.logs), *(witness.key for witness in self.witnesses))

    def to_text(self) -> str:
        """The policy as a file."""
        lines = [_line("log", log.key.to_text(), log.url) for log in self.logs]
        lines += [_line("witness", item.name, item.key.to_text(), item.url) for item in self.witnesses]
        lines += [_line("group", group.name, str(group.least), *group.members) for group in self.groups]
        return "".join([*lines, _line("quorum", self.quorum)])


def parse_policy(policy: str | bytes) -> Policy:
    """The policy that a file holds.

    **Raises** PolicyError with the number of the line that is malformed, names something unknown, or repeats something.
    """
    data = policy if isinstance(policy, bytes) else _octets(policy)
    if len(data) > LARGEST_POLICY:
        raise PolicyError(0, f"A policy has at most {LARGEST_POLICY} bytes.")
    lines = data.split(b"\n")
    if lines.pop():
        raise PolicyError(len(lines) + 1, "the last line does not end with a line break; the file may be cut off.")
    reading = _Reading()
    for number, line in enumerate(lines, start=1):
        reading.read(number, line)
    if reading.quorum is None:
        raise PolicyError(0, "The policy has no quorum line.")
    return Policy(tuple(reading.logs), tuple(reading.witnesses), tuple(reading.groups), reading.quorum)


@dataclass(slots=True)
class _Reading:
    """What was read so far."""

    number: int = 0
    logs: list[LogKey] = field(default_factory=list)
    witnesses: list[Witness] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    quorum: str | None = None
    names: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)

    def read(self, number: int, line: bytes) -> None:
        self.number = number
        if _FORBIDDEN.search(line):
            raise self.refuse("a control character.")
        items = re.split("[ \t]+", line.decode("utf-8", "surrogateescape").strip(" \t"))
        if not items[0] or items[0].startswith("#"):
            return
        readers = {"log": self.log, "witness": self.witness, "group": self.group, "quorum": self.one_quorum}
        reader = readers.get(items[0])
        if reader is None:
            raise self.refuse("a line begins with log, witness, group or quorum.")
        reader(items[1:])

    def refuse(self, reason: str) -> PolicyError:
        return PolicyError(self.number, reason)

    def log(self, items: list[str]) -> None:
        if len(items) not in (1, 2):
            raise self.refuse("a log has a key and perhaps an address.")
        key = self.key(items[0], LOG_KINDS)
        self.logs.append(LogKey(key, *items[1:]))

    def witness(self, items: list[str]) -> None:
        if len(items) not in (2, 3):
            raise self.refuse("a witness has a name, a key and perhaps an address.")
        name = self.new_name(items[0])
        key = self.key(items[1], WITNESS_KINDS)
        self.witnesses.append(Witness(name, key, *items[2:]))

    def group(self, items: list[str]) -> None:
        if len(items) < 3:
            raise self.refuse("a group has a name, all, any or a number, and members.")
        members = tuple(items[2:])
        for member in members:
            self.take_member(member)
        least = self.least(items[1], len(members))
        self.groups.append(Group(self.new_name(items[0]), least, members))

    def one_quorum(self, items: list[str]) -> None:
        if len(items) != 1 or self.quorum is not None:
            raise self.refuse("a policy has one quorum line with one name.")
        if items[0] not in self.names | {NOBODY}:
            raise self.refuse(f"{_shown(items[0])} is neither a witness nor a group of an earlier line.")
        self.quorum = items[0]

    def key(self, text: str, kinds: frozenset[KeyKind]) -> VerifierKey:
        """A key that stands on no line yet: no log is its own witness."""
        try:
            key = VerifierKey.from_text(text)
        except RefusalError as refusal:
            raise self.refuse(refusal.reason) from refusal
        if key.kind not in kinds:
            raise self.refuse(f"the key {key.name} is of a kind that does not belong on this line.")
        known = [*(log.key for log in self.logs), *(witness.key for witness in self.witnesses)]
        if any(key.public_key == other.public_key for other in known):
            raise self.refuse(f"the key {key.name} stands there already.")
        return key

    def new_name(self, name: str) -> str:
        if name in self.names or name == NOBODY:
            raise self.refuse(f"the name {_shown(name)} is taken.")
        self.names.add(name)
        return name

    def take_member(self, member: str) -> None:
        if member not in self.names:
            raise self.refuse(f"{_shown(member)} is neither a witness nor a group of an earlier line.")
        if member in self.members:
            raise self.refuse(f"{_shown(member)} is a member already.")
        self.members.add(member)

    def least(self, word: str, members: int) -> int:
        if word in ("any", "all"):
            return 1 if word == "any" else members
        if not _NUMBER.fullmatch(word) or int(word) > members:
            raise self.refuse(f"of {members} members, all, any or 1 to {members} can be asked for.")
        return int(word)


def _octets(policy: str) -> bytes:
    try:
        return policy.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise PolicyError(0, "Half a surrogate pair is not text.") from error


def _shown(name: str) -> str:
    """A name as a refusal may print it."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _line(*items: str | None) -> str:
    return " ".join(item for item in items if item is not None) + "\n"
