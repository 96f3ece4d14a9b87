"""The page that checks slips in a browser checks a patient's archive too, and says what the Python verifier says."""

import base64
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import log_world
from tests.bundles import bundle, small_bundle, sound_bundle, sound_parts
from tests.journeys.test_two_verifiers import PAGE, picture, watch
from tests.unit.verifier.small_log import verifier
from tests.unit.verifier.test_bundles import DAMAGES, flipped

POLICY = log_world.policy().to_text()
FLIPS = 400
IN_THE_PAGE = """async ([archives, policy]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  return Promise.all(archives.map((archive) => freelyGivenVerify(bytes(archive), bytes(policy))));
}"""
ByTheFile = Callable[[bytes], tuple[int, str]]


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(PAGE.as_uri())
    yield page
    context.close()


@pytest.fixture
def by_the_file(tmp_path: Path) -> ByTheFile:
    """What the Python verifier says."""
    verify, policy, place = verifier(), tmp_path / "policy", tmp_path / "papers.zip"
    policy.write_text(POLICY, encoding="utf-8")
    options = verify.command_line().parse_args(["bundle", str(place), "--policy", str(policy)])

    def answer(data: bytes) -> tuple[int, str]:
        place.write_bytes(data)
        report = verify.run(options)
        return report.code, report.as_text()

    return answer


def in_the_page(page: Page, archives: list[bytes], policy: str = POLICY) -> list[dict[str, Any]]:
    texts = [base64.b64encode(each).decode() for each in archives]
    found = page.evaluate(IN_THE_PAGE, [texts, base64.b64encode(policy.encode()).decode()])
    assert isinstance(found, list)
    return found


def test_a_sound_archive_is_proven_with_the_same_words(page: Page, by_the_file: ByTheFile) -> None:
    without_paper = bundle([part for part in sound_parts() if part[0] != "record-1/record.pdf"])
    for archive in (sound_bundle(), small_bundle(), without_paper):
        [said] = in_the_page(page, [archive])
        code, words = by_the_file(archive)
        assert said["code"] == code == 0, said
        assert said["lines"][0][1:] in words
        assert all(line in words for line in said["lines"][1:-1])


@pytest.mark.parametrize("damage", DAMAGES)
def test_both_refuse_alike(damage: str, page: Page, by_the_file: ByTheFile) -> None:
    archive = DAMAGES[damage]()
    [said] = in_the_page(page, [archive])
    code, words = by_the_file(archive)
    assert said["code"] == code != 0, (said, words)
    assert not archive.startswith(b"PK") or said["lines"][0].partition(": not written")[0] in words.replace("\n", " ")


def test_a_flipped_bit_anywhere_is_refused_alike(page: Page, by_the_file: ByTheFile) -> None:
    good, hand = small_bundle(), random.Random(21)  # noqa: S311  # a hand, not a secret
    archives = [flipped(good, at, hand.randrange(8)) for at in sorted(hand.sample(range(len(good)), FLIPS))]
    pairs = Counter(
        (said["code"], by_the_file(archive)[0])
        for archive, said in zip(archives, in_the_page(page, archives), strict=True)
    )
    assert {one for one, _other in pairs} <= {1, 2}
    assert all(one == other for one, other in pairs), pairs


def test_a_policy_of_others_proves_nothing(page: Page) -> None:
    [said] = in_the_page(page, [sound_bundle()], POLICY.replace(log_world.ORIGIN, log_world.OTHER_ORIGIN))
    assert said["code"] in (1, 2)


def test_a_patient_checks_her_archive_without_anybody(chromium: Browser, tmp_path: Path) -> None:
    """From two files, without a network."""
    (tmp_path / "papers.zip").write_bytes(sound_bundle())
    (tmp_path / "policy").write_text(POLICY, encoding="utf-8")
    context, wrong, asked = chromium.new_context(offline=True), list[str](), list[str]()
    page = context.new_page()
    watch(page, wrong, asked)
    page.goto(PAGE.as_uri())
    page.locator("#policy-file").set_input_files(tmp_path / "policy")
    page.locator("#statement-file").set_input_files(tmp_path / "papers.zip")
    page.get_by_role("button", name="Check").click()
    answer = page.get_by_role("status")
    expect(answer).to_contain_text("This bundle is as the clinic made it")
    expect(answer).to_contain_text("Records: 2. Receipts: 2, each proven.")
    expect(answer).not_to_contain_text("NOT PROVEN")
    faults = picture(page, "5-archive")

    (tmp_path / "papers.zip").write_bytes(flipped(sound_bundle(), 5000))
    page.locator("#statement-file").set_input_files(tmp_path / "papers.zip")
    page.get_by_role("button", name="Check").click()
    expect(answer).to_contain_text("is damaged, or was packed otherwise")
    context.close()
    assert (wrong, faults, asked) == ([], [], [PAGE.as_uri()])
