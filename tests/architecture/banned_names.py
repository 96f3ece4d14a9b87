"""Which names may not stand anywhere, and how a name is read word by word.

A field that can be counted towards a quota will be counted. So the words of quotas, rewards and penalties, of
registers of people who said no, and of bodies taken as keys, may not name anything here: what has no name in the
tables cannot be reported on. The list is that of the safeguard rules; a word is also found in the plural or as a verb,
and a sequence also where it is written as one word, or one word where it is written as two.

>>> banned_in("villageRanking"), banned_in("refusal")
({'ranking'}, set())
"""

import re
from collections.abc import Iterator

SINGLE_WORDS = """
    target quota ranking rank leaderboard score points incentive reward bonus gift fine penalty deposit guarantee pledge
    veto compliance compliant overquota remedial backlog household hukou iris fingerprint thumbprint informant defaulter
    refuser irrevocable
"""
SEQUENCES = """
    kpi_accept voucher_accept contract_patient one_vote policy_fit out_of_plan permit_birth cross_off key_person
    key_woman assigned_cadre supervisor_of_patient controller_of_patient register_type parity_reason children_sex
    fetal_sex face_template tip_off village_rank non_attender missed_list legally_mandated
    consent_override_reason_programme
"""
BANNED = tuple(SINGLE_WORDS.split() + SEQUENCES.split())
LONGEST = max(len(banned.split("_")) for banned in BANNED)


def words(name: str) -> list[str]:
    """The words of a name in snake, camel, kebab or plain writing, in lower case; digits part words too.

    >>> words("HTTPTarget-list_2of3")
    ['http', 'target', 'list', 'of']
    """
    parted = re.sub(r"([a-z])([A-Z])", r"\1 \2", re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", name))
    return re.findall(r"[^\W\d_]+", parted.lower())


def banned_in(name: str) -> set[str]:
    """The banned words of a name."""
    parts = words(name)
    return {
        FORMS["".join(parts[start:end])]
        for start in range(len(parts))
        for end in range(start + 1, min(start + LONGEST, len(parts)) + 1)
        if "".join(parts[start:end]) in FORMS
    }


def _forms(banned: str) -> Iterator[str]:
    """A banned word, or sequence written as one, as it is, in the plural, in the past and going on."""
    word = banned.replace("_", "")
    yield from (word, f"{word}s", f"{word}es", f"{word}ed", f"{word}ing")
    if word.endswith("e"):
        yield from (f"{word}d", f"{word[:-1]}ing")
    if word.endswith("y"):
        yield f"{word[:-1]}ies"


FORMS = {form: banned for banned in reversed(BANNED) for form in _forms(banned)}
