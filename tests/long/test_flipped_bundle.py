"""One changed bit in a patient's archive, at every place: refused by the shipped verifier and by our own check.

The quick suite draws some of these places (tests/unit/verifier/test_bundles.py); here are all.
"""

import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from consent.record.bundle_check import check_bundle
from tests import log_world
from tests.bundles import small_bundle
from tests.long.conftest import is_on_postgres, part_of
from tests.unit.verifier.small_log import verifier

pytestmark = pytest.mark.skipif(is_on_postgres(), reason="no database takes part: once is enough")
SHARES = 8


@pytest.fixture
def is_accepted(tmp_path: Path) -> Callable[[bytes], tuple[bool, bool]]:
    """Whether our check accepts an archive, and whether the shipped verifier does."""
    program, policy, place = verifier(), tmp_path / "policy", tmp_path / "papers.zip"
    policy.write_text(log_world.policy().to_text(), encoding="utf-8")
    options = program.command_line().parse_args(["bundle", str(place), "--policy", str(policy)])

    def answers(data: bytes) -> tuple[bool, bool]:
        place.write_bytes(data)
        ours = check_bundle(io.BytesIO(data), policy=log_world.policy(), roots=(), at=log_world.TIME)
        return ours.is_sound, program.run(options).code == program.VERIFIED

    return answers


def test_as_it_was_made_it_is_accepted(is_accepted) -> None:
    assert is_accepted(small_bundle()) == (True, True)


@pytest.mark.parametrize("share", range(SHARES))
def test_each_place_is_watched_by_both(share: int, is_accepted) -> None:
    good, draw = small_bundle(), random.Random(share)
    places = range(share, len(good), SHARES)
    unnoticed = []
    for place in draw.sample(places, part_of(len(places), at_least=20)):
        changed = bytearray(good)
        changed[place] ^= 1 << draw.randrange(8)
        if is_accepted(bytes(changed)) != (False, False):
            unnoticed.append(place)
    assert unnoticed == []
