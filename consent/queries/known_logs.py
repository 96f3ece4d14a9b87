"""Whose statements this house can judge: its own logs, and those its policy file names."""

from pathlib import Path

from django.conf import settings

from consent.ledger.notes import VerifierKey
from consent.ledger.policy import NOBODY, LogKey, Policy, Witness, parse_policy
from consent.ledger.refusals import RefusalError
from consent.models import Ledger, LedgerKey


def known_logs() -> Policy:
    """The keys of every log known here, and of the witnesses the policy file names; nobody outside is demanded.

    A policy file that cannot be read adds nothing: the server's own checks speak of it.
    """
    logs: dict[bytes, LogKey] = {}
    for vkey in LedgerKey.objects.order_by("from_size", "added_at").values_list("vkey", flat=True):
        key = VerifierKey.from_text(vkey)
        logs[key.public_key] = LogKey(key=key)
    read = policy_file()
    for log in read.logs:
        logs.setdefault(log.key.public_key, log)
    return Policy(logs=tuple(logs.values()), witnesses=read.witnesses, groups=(), quorum=NOBODY)


def policy_of(ledger: Ledger) -> Policy:
    """What a verifier needs to judge one log: its keys, and whose signatures this house asks for."""
    vkeys = LedgerKey.objects.filter(ledger=ledger).order_by("from_size", "added_at").values_list("vkey", flat=True)
    read = policy_file()
    logs = tuple(LogKey(key=VerifierKey.from_text(vkey)) for vkey in vkeys)
    return Policy(logs=logs, witnesses=read.witnesses, groups=read.groups, quorum=read.quorum)


def own_ledger(origin: str) -> Ledger | None:
    """The log of this house with this name."""
    return Ledger.objects.select_related("site").filter(origin=origin).first()


def policy_file() -> Policy:
    """The policy file of this house: who outside counts; nobody when there is none or it cannot be read."""
    return _read(settings.LEDGER_POLICY_FILE)


def witnessed_logs() -> Policy:
    """The logs of others that this house cosigns; none when no file names any or it cannot be read."""
    return _read(settings.LEDGER_WITNESSED_FILE)


def file_findings() -> list[str]:
    """What is wrong with the files about those outside; until it is mended nobody outside counts."""
    found = []
    for name in ("LEDGER_POLICY_FILE", "LEDGER_WITNESSED_FILE"):
        path = getattr(settings, name)
        try:
            if path is not None:
                parse_policy(path.read_bytes())
        except OSError as error:
            found.append(f"{name} {path} cannot be read ({error.strerror}); check the path and its rights.")
        except RefusalError as error:
            found.append(f"{name} {path} is no policy: {error.reason}")
    return found


def _read(path: Path | None) -> Policy:
    nothing = Policy(logs=(), witnesses=tuple[Witness, ...](), groups=(), quorum=NOBODY)
    if path is None:
        return nothing
    try:
        return parse_policy(path.read_bytes())
    except (OSError, RefusalError):
        return nothing
